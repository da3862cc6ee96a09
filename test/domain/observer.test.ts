import { describe, expect, test } from 'vitest';
import {
  currentPromiseDomain,
  DomainPromise,
  type PromiseDomain,
  withoutPromiseDomain,
  withPromiseDomain,
} from '../../src/index.js';
import { observe } from '../support/observe.js';
import { recordingDomain } from '../support/recording-domain.js';
import { allJobsDone, collectUnhandledRejections } from '../support/unhandled-rejections.js';

const a: PromiseDomain = { name: 'a' };
const nothing = () => {};

describe('observePromiseDomains()', () => {
  test('tells observers in the order in which they were added', () => {
    const order: number[] = [];
    observe(() => order.push(1));
    observe(() => order.push(2));
    withPromiseDomain(a, nothing);
    expect(order).toEqual([1, 2, 1, 2]);
  });

  test('tells no more once the returned function was called; calling it twice removes no other', () => {
    const told: string[] = [];
    const stop = observe(() => told.push('first'));
    observe(() => told.push('second'));
    stop();
    stop();
    withPromiseDomain(a, nothing);
    expect(told).toEqual(['second', 'second']);
  });

  test('tells the same function twice if it was added twice, and once after one removal', () => {
    let told = 0;
    const observer = () => {
      told += 1;
    };
    const stop = observe(observer);
    observe(observer);
    withoutPromiseDomain(nothing);
    expect(told).toBe(4);
    stop();
    withoutPromiseDomain(nothing);
    expect(told).toBe(6);
  });

  test('lets an observer remove itself, and another, while it is told', () => {
    const told: string[] = [];
    const stopFirst = observe(() => {
      told.push('first');
      stopFirst();
      stopSecond();
    });
    const stopSecond = observe(() => told.push('second'));
    withoutPromiseDomain(nothing);
    expect(told.filter((name) => name === 'first')).toEqual(['first']);
    expect(told.filter((name) => name === 'second').length).toBeLessThanOrEqual(1);
    withoutPromiseDomain(nothing);
    expect(told.length).toBeLessThanOrEqual(2);
  });

  test('stopped between then() and the callback tells no more, and the callback runs', async () => {
    const told: string[] = [];
    const stop = observe(({ kind }) => told.push(kind));
    const result = DomainPromise.resolve('value').then((value) => value);
    stop();
    expect(await result).toBe('value');
    expect(told).toEqual(['then call', 'then']);
  });

  test('survives an observer that throws: an unhandled rejection, and nothing else changes', async () => {
    const unhandled = collectUnhandledRejections();
    const told: string[] = [];
    const stop = observe(({ kind }) => {
      throw kind;
    });
    observe(({ kind }) => told.push(kind));
    const result = withPromiseDomain(a, () => DomainPromise.resolve('value').then((value) => value));
    await allJobsDone();
    stop();
    expect(await result).toBe('value');
    expect(unhandled).toEqual(told.slice(0, unhandled.length));
    expect(unhandled).toEqual([
      'domain enter',
      'then call',
      'then',
      'domain leave',
      'callback enter',
      'callback leave',
    ]);
    expect(currentPromiseDomain()).toBeUndefined();
  });

  test('calls the same hooks, in the same order, as where nobody observes', async () => {
    const run = async () => {
      const log: string[] = [];
      const { wrapOnFinally, ...others } = recordingDomain('domain', log);
      const chain = () => DomainPromise.resolve().then(nothing).finally(nothing).catch(nothing);
      await withPromiseDomain(others, chain);
      await withPromiseDomain({ ...others, wrapOnFinally }, chain);
      return log;
    };
    const unobserved = await run();
    observe(nothing);
    expect(await run()).toEqual(unobserved);
  });

  test('calls callbacks under observation as plain functions', async () => {
    observe(nothing);
    const seen: unknown[] = [];
    await DomainPromise.resolve('value').then(function (this: unknown, ...args: unknown[]) {
      seen.push(this, args);
    });
    expect(seen).toEqual([undefined, ['value']]);
  });
});
