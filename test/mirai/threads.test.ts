import { conformance } from './conformance.js';

conformance('threads');
