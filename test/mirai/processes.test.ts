import { conformance } from './conformance.js';

conformance('processes');
