import type { TimelineData } from '../../../src/testing/timeline.js';
import { inTicks, sampleSpan } from './sample-steps.js';

/** Async functions, awaiting in turn; one of them is not sampled. */
export const awaits: TimelineData = {
  title: 'Awaits',
  steps: inTicks([
    [
      { kind: 'domain enter', label: 'otel' },
      { kind: 'span start', span: 'job A' },
      { kind: 'span activate', span: 'job A', active: 'job A' },
      { kind: 'await captured', span: 'job A', call: 1, active: 'job A' },
      { kind: 'span deactivate', span: 'job A' },
      { kind: 'span start', span: 'job B' },
      { kind: 'span activate', span: 'job B', active: 'job B' },
      { kind: 'await captured', span: 'job B', call: 2, active: 'job B' },
      { kind: 'span deactivate', span: 'job B' },
      { kind: 'domain leave', label: 'otel' },
    ],
    [
      { kind: 'await enter', span: 'job A', call: 1, active: 'job A' },
      { kind: 'span start', span: 'read', active: 'job A' },
      { kind: 'span activate', span: 'read', active: 'read' },
      { kind: 'mark', label: 'reading', active: 'read' },
      { kind: 'span deactivate', span: 'read', active: 'job A' },
      { kind: 'await captured', span: 'job A', call: 3, follows: 1, active: 'job A' },
      { kind: 'await leave', call: 1 },
    ],
    [
      { kind: 'await enter', span: 'job B', call: 2 },
      { kind: 'mark', label: 'B goes on' },
      { kind: 'await leave', call: 2 },
    ],
    [
      { kind: 'await enter', span: 'job A', call: 3, active: 'job A' },
      { kind: 'span end', span: 'read', active: 'job A' },
      { kind: 'span end', span: 'job A', active: 'job A' },
      { kind: 'await leave', call: 3 },
    ],
    [{ kind: 'span end', span: 'job B' }],
  ]),
  spans: [
    sampleSpan('s1', 'job A', { startedAt: 't0.1', endedAt: 't3.2' }),
    sampleSpan('s2', 'job B', { startedAt: 't0.5', endedAt: 't4.0', recorded: false }),
    sampleSpan('s3', 'read', {
      parent: 's1',
      startedAt: 't1.1',
      endedAt: 't3.1',
      exceptions: ['AbortError'],
    }),
  ],
  outcome: 'fulfilled',
};

/** Four spans in each other, and chains that branch. */
export const nested: TimelineData = {
  title: 'Four spans deep, with branches',
  steps: inTicks([
    [
      { kind: 'domain enter', label: 'otel' },
      { kind: 'domain enter', label: 'counting' },
      { kind: 'span start', span: 'build' },
      { kind: 'span activate', span: 'build', active: 'build' },
      { kind: 'span start', span: 'compile', active: 'build' },
      { kind: 'span activate', span: 'compile', active: 'compile' },
      { kind: 'then captured', span: 'compile', label: 'parse', call: 1, active: 'compile' },
      { kind: 'then captured', span: 'compile', label: 'typecheck', call: 2, follows: 1, active: 'compile' },
      { kind: 'then captured', span: 'compile', label: 'emit', call: 3, follows: 1, active: 'compile' },
      { kind: 'span deactivate', span: 'compile', active: 'build' },
      { kind: 'span deactivate', span: 'build' },
      { kind: 'domain leave', label: 'counting' },
      { kind: 'domain leave', label: 'otel' },
    ],
    [
      { kind: 'callback enter', label: 'parse', span: 'compile', call: 1, active: 'compile' },
      { kind: 'span start', span: 'module', active: 'compile' },
      { kind: 'span activate', span: 'module', active: 'module' },
      { kind: 'span start', span: 'resolve', active: 'module' },
      { kind: 'then captured', span: 'module', label: 'resolved', call: 4, active: 'module' },
      { kind: 'span deactivate', span: 'module', active: 'compile' },
      { kind: 'callback leave', label: 'parse', call: 1 },
    ],
    [
      { kind: 'callback enter', label: 'resolved', span: 'module', call: 4, active: 'module' },
      { kind: 'span end', span: 'resolve', active: 'module' },
      { kind: 'span end', span: 'module', active: 'module' },
      { kind: 'callback leave', label: 'resolved', call: 4 },
      { kind: 'callback enter', label: 'typecheck', span: 'compile', call: 2, active: 'compile' },
      { kind: 'callback leave', label: 'typecheck', call: 2 },
      { kind: 'callback enter', label: 'emit', span: 'compile', call: 3, active: 'compile' },
      { kind: 'then captured', span: 'compile', label: 'write', call: 5, follows: 3, active: 'compile' },
      { kind: 'callback leave', label: 'emit', call: 3 },
    ],
    [
      { kind: 'callback enter', label: 'write', span: 'compile', call: 5, active: 'compile' },
      { kind: 'callback leave', label: 'write', call: 5 },
      { kind: 'span end', span: 'compile' },
    ],
    [{ kind: 'span end', span: 'build' }],
  ]),
  spans: [
    sampleSpan('s1', 'build', { startedAt: 't0.2', endedAt: 't4.0' }),
    sampleSpan('s2', 'compile', { parent: 's1', startedAt: 't0.4', endedAt: 't3.2' }),
    sampleSpan('s3', 'module', { parent: 's2', startedAt: 't1.1', endedAt: 't2.2' }),
    sampleSpan('s4', 'resolve', { parent: 's3', startedAt: 't1.3', endedAt: 't2.1' }),
  ],
  outcome: 'fulfilled',
};
