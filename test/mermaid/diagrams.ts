import fc from 'fast-check';
import { drawMermaid } from '../../src/testing/mermaid.js';
import { anyTimeline } from '../testing/support/random-timelines.js';
import { samples } from '../testing/support/sample-timelines.js';

/** The diagrams to draw, by the names of their timelines: those of the samples, and of random programs. */
export const diagrams: readonly (readonly [name: string, diagram: string])[] = [
  ...Object.entries(samples),
  ...fc
    .sample(anyTimeline(), { numRuns: 200, seed: 20 })
    .map((timeline, index) => [`random ${index}`, timeline] as const),
].map(([name, timeline]) => [name, drawMermaid(timeline)] as const);
