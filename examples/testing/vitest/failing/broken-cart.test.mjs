import { recordTimeline } from 'otel-promise-domain/testing';
import { describe, expect, test } from 'vitest';
import { endTwice, forgetDomain, loseSpan, neverEnd } from '../../broken-shop.mjs';
import { fakeDatabase } from '../../fake-database.mjs';

describe('caught by an assertion', () => {
  test('a lost span, by its child', async () => {
    const timeline = await recordTimeline(() => loseSpan('c7', fakeDatabase()));
    expect(timeline).toStartSpan('format', { parent: 'load cart' });
  });

  test('a lost span, by the step', async () => {
    const timeline = await recordTimeline(() => loseSpan('c7', fakeDatabase()));
    expect(timeline).toHandOff('load cart', { at: 't2.0' });
  });

  test('a span that is ended twice', async () => {
    const timeline = await recordTimeline(() => endTwice('c7', fakeDatabase()));
    expect(timeline).toEndSpan('load cart', { once: true });
  });

  test('a span that is never ended', async () => {
    const timeline = await recordTimeline(() => neverEnd('c7', fakeDatabase({ failures: 1 })));
    expect(timeline).toLeaveNoSpanOpen();
  });

  test('a forgotten domain', async () => {
    const timeline = await recordTimeline(() => forgetDomain('c7', fakeDatabase()));
    expect(timeline).toLeaveNoContext();
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
