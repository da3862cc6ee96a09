import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import {
  assertHandOff,
  assertNoContext,
  assertNoSpanOpen,
  assertSpanEnd,
  assertSpanStart,
  recordTimeline,
  watchLeaks,
} from 'otel-promise-domain/testing';
import { endTwice, forgetDomain, loseSpan, neverEnd } from '../../broken-shop.mjs';
import { fakeDatabase } from '../../fake-database.mjs';

// By test, as several may run at the same time.
const leaks = new WeakMap();
beforeEach(async (t) => {
  leaks.set(t, await watchLeaks());
});
afterEach((t) => leaks.get(t).check());

describe('caught by an assertion', () => {
  test('a lost span, by its child', async () => {
    const timeline = await recordTimeline(() => loseSpan('c7', fakeDatabase()));
    assertSpanStart(timeline, 'format', { parent: 'load cart' });
  });

  test('a lost span, by the step', async () => {
    const timeline = await recordTimeline(() => loseSpan('c7', fakeDatabase()));
    assertHandOff(timeline, 'load cart', { at: 't2.0' });
  });

  test('a span that is ended twice', async () => {
    const timeline = await recordTimeline(() => endTwice('c7', fakeDatabase()));
    assertSpanEnd(timeline, 'load cart', { once: true });
  });

  test('a span that is never ended', async () => {
    const timeline = await recordTimeline(() => neverEnd('c7', fakeDatabase({ failures: 1 })));
    assertNoSpanOpen(timeline);
  });

  test('a forgotten domain', async () => {
    const timeline = await recordTimeline(() => forgetDomain('c7', fakeDatabase()));
    assertNoContext(timeline);
  });
});

describe('caught by the hook', () => {
  test('a span that is never ended', async () => {
    await assert.rejects(neverEnd('c7', fakeDatabase({ failures: 1 })), /connection lost/);
  });

  test('a forgotten domain', async () => {
    assert.deepEqual(await forgetDomain('c7', fakeDatabase()), [1999, 250]);
  });
});
