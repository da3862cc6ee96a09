import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import {
  assertHandOff,
  assertNoContext,
  assertNoSpanOpen,
  assertSpanEnd,
  assertSpanStart,
  assertTimeline,
  recordTimeline,
  watchLeaks,
} from 'otel-promise-domain/testing';
import { fakeDatabase } from '../fake-database.mjs';
import { loadCart } from '../shop.mjs';

// By test, as several may run at the same time.
const leaks = new WeakMap();
beforeEach(async (t) => {
  leaks.set(t, await watchLeaks());
});
afterEach((t) => leaks.get(t).check());

const record = (failures) => recordTimeline(() => loadCart('c7', fakeDatabase({ failures })));

test('loads the prices', async () => {
  const { result } = await record(0);
  assert.deepEqual(result, { status: 'fulfilled', value: '19.99 EUR\n2.50 EUR' });
});

test('hands the span of the cart off to what follows the query', async () => {
  const timeline = await record(0);
  assertHandOff(timeline, 'load cart', { at: 't2.0' });
  assert.throws(() => assertHandOff(timeline, 'query'), /query is handed off nowhere/);
});

test('starts every other span as a child of that of the cart', async () => {
  const timeline = await record(1);
  assertSpanStart(timeline, 'load cart', { parent: null });
  assertSpanStart(timeline, 'query', { at: 't0', parent: 'load cart' });
  assertSpanStart(timeline, 'query', { at: 't2', parent: 'load cart' });
  assertSpanStart(timeline, 'format', { parent: 'load cart' });
});

test('ends every span once, the one of the cart at last', async () => {
  const timeline = await record(1);
  assertSpanEnd(timeline, 'query', { once: true, at: 't1.0', status: 'error' });
  assertSpanEnd(timeline, 'query (2)', { once: true, at: 't3.0', status: 'unset' });
  assertSpanEnd(timeline, 'load cart', { once: true, at: 't5.0', status: 'unset' });
});

test('leaves nothing behind when it gives up', async () => {
  const timeline = await record(2);
  assert.equal(timeline.outcome, 'rejected: Error: connection lost');
  assertSpanEnd(timeline, 'load cart', { status: 'error' });
  assertNoSpanOpen(timeline);
  assertNoContext(timeline);
});

test('is recorded apart from what runs at the same time', async () => {
  const [one, other] = await Promise.all([record(0), record(1)]);
  const labels = ({ spans }) => spans.map(({ label }) => label);
  assert.deepEqual(labels(one), ['load cart', 'query', 'format']);
  assert.deepEqual(labels(other), ['load cart', 'query (1)', 'query (2)', 'format']);
});

test('does all that in this order', async () => {
  const timeline = await record(1);
  assertTimeline(
    timeline,
    `
      at    what happens                                     active span
      t0.0  start span load cart                             -
      t0.1  enter domain otel                                -
      t0.2  activate load cart                               load cart
      t0.3  start span query (1)                             load cart
      t0.4  activate query (1)                               query (1)
      t0.5  deactivate query (1)                             load cart
      t0.6  #1 catch(retry) captures load cart               load cart
      t0.7  #2 then(formatCart) after #1 captures load cart  load cart
      t0.8  deactivate load cart                             -
      t0.9  leave domain otel                                -
      t1.0  end span query (1)                               -
      t2.0  #1 retry runs                                    load cart
      t2.1  start span query (2)                             load cart
      t2.2  activate query (2)                               query (2)
      t2.3  deactivate query (2)                             load cart
      t2.4  #1 retry returns a promise                       -
      t3.0  end span query (2)                               -
      t4.0  #2 formatCart runs                               load cart
      t4.1  start span format                                load cart
      t4.2  activate format                                  format
      t4.3  end span format                                  format, ended
      t4.4  deactivate format                                load cart
      t4.5  #2 formatCart returns                            -
      t5.0  end span load cart                               -

      spans
        load cart    t0.0 to t5.0
          query (1)  t0.3 to t1.0  error: connection lost, recorded Error
          query (2)  t2.1 to t3.0
          format     t4.1 to t4.3

      the program: fulfilled
    `,
  );
});
