import { describe, expect, test } from '@jest/globals';
import {
  assertHandOff,
  assertNoContext,
  assertNoSpanOpen,
  assertSpanEnd,
  assertSpanStart,
  recordTimeline,
} from 'otel-promise-domain/testing';
import { endTwice, forgetDomain, loseSpan, neverEnd } from '../../broken-shop.mjs';
import { fakeDatabase } from '../../fake-database.mjs';

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
    await expect(neverEnd('c7', fakeDatabase({ failures: 1 }))).rejects.toThrow('connection lost');
  });

  test('a forgotten domain', async () => {
    await expect(forgetDomain('c7', fakeDatabase())).resolves.toEqual([1999, 250]);
  });
});
