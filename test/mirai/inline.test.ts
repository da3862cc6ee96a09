import { conformance } from './conformance.js';

conformance('inline');
