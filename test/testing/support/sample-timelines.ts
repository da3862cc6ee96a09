import type { TimelineData } from '../../../src/testing/timeline.js';

export { awaits, nested } from './nested-timelines.js';

import { awaits, nested } from './nested-timelines.js';
import { empty, long, nastyNames } from './odd-timelines.js';
import { inTicks, sampleSpan } from './sample-steps.js';

/** The reference behaviour of the handoff. */
export const acceptance: TimelineData = {
  title: 'The acceptance timeline',
  steps: inTicks([
    [
      { kind: 'domain enter', label: 'otel' },
      { kind: 'span start', span: 'async_op' },
      { kind: 'span activate', span: 'async_op', active: 'async_op' },
      { kind: 'then captured', span: 'async_op', label: 'someAsyncWork', call: 1, active: 'async_op' },
      { kind: 'span deactivate', span: 'async_op' },
      { kind: 'then not captured', label: 'moreAsyncWork', note: 'no active span', call: 2, follows: 1 },
      { kind: 'domain leave', label: 'otel' },
      { kind: 'then not captured', label: 'finalWork', note: 'no domain', call: 3, follows: 2 },
    ],
    [
      { kind: 'callback enter', label: 'someAsyncWork', span: 'async_op', call: 1, active: 'async_op' },
      { kind: 'callback leave', label: 'someAsyncWork', call: 1 },
    ],
    [{ kind: 'span end', span: 'async_op' }],
    [
      { kind: 'callback enter', label: 'moreAsyncWork', call: 2 },
      { kind: 'callback leave', label: 'moreAsyncWork', call: 2 },
    ],
    [
      { kind: 'callback enter', label: 'finalWork', call: 3 },
      { kind: 'callback leave', label: 'finalWork', call: 3 },
    ],
    [{ kind: 'mark', label: 'pFinal has resolved' }],
  ]),
  spans: [sampleSpan('s1', 'async_op', { startedAt: 't0.1', endedAt: 't2.0' })],
  outcome: 'fulfilled',
};

/** Two chains take turns, tick by tick; each has a child. */
export const interleaved: TimelineData = {
  title: 'Two requests, interleaved',
  steps: inTicks([
    [
      { kind: 'domain enter', label: 'otel' },
      { kind: 'span start', span: 'GET /users' },
      { kind: 'span activate', span: 'GET /users', active: 'GET /users' },
      { kind: 'then captured', span: 'GET /users', label: 'loadUser', call: 1, active: 'GET /users' },
      { kind: 'span deactivate', span: 'GET /users' },
      { kind: 'span start', span: 'GET /orders' },
      { kind: 'span activate', span: 'GET /orders', active: 'GET /orders' },
      { kind: 'then captured', span: 'GET /orders', label: 'loadOrder', call: 2, active: 'GET /orders' },
      { kind: 'span deactivate', span: 'GET /orders' },
      { kind: 'domain leave', label: 'otel' },
    ],
    [
      { kind: 'callback enter', label: 'loadUser', span: 'GET /users', call: 1, active: 'GET /users' },
      { kind: 'span start', span: 'query', active: 'GET /users' },
      {
        kind: 'then captured',
        span: 'GET /users',
        label: 'render',
        call: 3,
        follows: 1,
        active: 'GET /users',
      },
      { kind: 'callback leave', label: 'loadUser', call: 1 },
    ],
    [
      { kind: 'callback enter', label: 'loadOrder', span: 'GET /orders', call: 2, active: 'GET /orders' },
      { kind: 'span start', span: 'query (2)', active: 'GET /orders' },
      {
        kind: 'then captured',
        span: 'GET /orders',
        label: 'render',
        call: 4,
        follows: 2,
        active: 'GET /orders',
      },
      { kind: 'callback leave', label: 'loadOrder', call: 2 },
    ],
    [
      { kind: 'callback enter', label: 'render', span: 'GET /users', call: 3, active: 'GET /users' },
      { kind: 'span end', span: 'query', active: 'GET /users' },
      { kind: 'callback leave', label: 'render', call: 3 },
    ],
    [
      { kind: 'callback enter', label: 'render', span: 'GET /orders', call: 4, active: 'GET /orders' },
      { kind: 'span end', span: 'query (2)', active: 'GET /orders' },
      { kind: 'callback leave', label: 'render', call: 4 },
    ],
    [{ kind: 'span end', span: 'GET /users' }],
    [{ kind: 'span end', span: 'GET /orders' }],
    [{ kind: 'mark', label: 'both answered' }],
  ]),
  spans: [
    sampleSpan('s1', 'GET /users', { startedAt: 't0.1', endedAt: 't5.0', status: 'ok' }),
    sampleSpan('s2', 'GET /orders', { startedAt: 't0.5', endedAt: 't6.0', status: 'ok' }),
    sampleSpan('s3', 'query', { parent: 's1', startedAt: 't1.1', endedAt: 't3.1' }),
    sampleSpan('s4', 'query', { label: 'query (2)', parent: 's2', startedAt: 't2.1', endedAt: 't4.1' }),
  ],
  outcome: 'fulfilled',
};

/** A `then()` outside the domain loses the span that is active; the span that is to be ended there stays open. */
export const lostSpan: TimelineData = {
  title: 'A span lost on the way',
  steps: inTicks([
    [
      { kind: 'span start', span: 'checkout' },
      { kind: 'span activate', span: 'checkout', active: 'checkout' },
      { kind: 'then not captured', label: 'charge', note: 'no domain', call: 1, active: 'checkout' },
      { kind: 'domain enter', label: 'otel', active: 'checkout' },
      { kind: 'then captured', span: 'checkout', label: 'audit', call: 2, active: 'checkout' },
      { kind: 'domain leave', label: 'otel', active: 'checkout' },
      { kind: 'span deactivate', span: 'checkout' },
      { kind: 'then not captured', label: 'sendReceipt', note: 'no domain', call: 3, follows: 1 },
    ],
    [
      { kind: 'callback enter', label: 'charge', call: 1 },
      { kind: 'span start', span: 'payment' },
      { kind: 'mark', label: 'payment has no parent' },
      { kind: 'callback leave', label: 'charge', call: 1 },
    ],
    [
      { kind: 'callback enter', label: 'audit', span: 'checkout', call: 2, active: 'checkout' },
      { kind: 'callback leave', label: 'audit', call: 2 },
    ],
    [
      { kind: 'callback enter', label: 'sendReceipt', call: 3 },
      { kind: 'span end', span: 'payment' },
      { kind: 'callback leave', label: 'sendReceipt', call: 3 },
    ],
  ]),
  spans: [
    sampleSpan('s1', 'checkout', { startedAt: 't0.0' }),
    sampleSpan('s2', 'payment', { startedAt: 't1.1', endedAt: 't3.1' }),
  ],
  outcome: 'fulfilled',
};

/** A callback throws, its `catch()` recovers, and the span is ended by both. */
export const endedTwice: TimelineData = {
  title: 'Ended twice, after a callback that throws',
  steps: inTicks([
    [
      { kind: 'domain enter', label: 'otel', active: 'server' },
      { kind: 'span start', span: 'parse', active: 'server' },
      { kind: 'span activate', span: 'parse', active: 'parse' },
      { kind: 'then captured', span: 'parse', label: 'readHeader', call: 1, active: 'parse' },
      { kind: 'then captured', span: 'parse', label: 'recover', call: 2, follows: 1, active: 'parse' },
      { kind: 'then captured', span: 'parse', label: 'neverNeeded', call: 3, follows: 1, active: 'parse' },
      { kind: 'span deactivate', span: 'parse', active: 'server' },
      { kind: 'domain leave', label: 'otel', active: 'server' },
    ],
    [
      { kind: 'callback enter', label: 'readHeader', span: 'parse', call: 1, active: 'parse' },
      { kind: 'span end', span: 'parse', active: 'parse' },
      { kind: 'callback leave', label: 'readHeader', call: 1, note: 'throws RangeError: out of range' },
    ],
    [
      { kind: 'callback enter', label: 'recover', span: 'parse', call: 2, active: 'parse' },
      { kind: 'span end', span: 'parse', note: 'it has ended at t1.1', active: 'parse' },
      { kind: 'callback leave', label: 'recover', call: 2 },
    ],
    [{ kind: 'mark', label: 'done', active: 'server' }],
  ]),
  spans: [
    sampleSpan('s1', 'server'),
    sampleSpan('s2', 'parse', {
      parent: 's1',
      startedAt: 't0.1',
      endedAt: 't1.1',
      ends: ['t1.1', 't2.1'],
      status: 'error',
      message: 'out of range',
      exceptions: ['RangeError'],
    }),
  ],
  outcome: 'rejected: RangeError: out of range',
};

/** Every sample by its name. */
export const samples: Readonly<Record<string, TimelineData>> = {
  acceptance,
  interleaved,
  lostSpan,
  endedTwice,
  awaits,
  nested,
  nastyNames,
  empty,
  long,
};
