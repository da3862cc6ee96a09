import { expect, onTestFinished, test } from 'vitest';
import {
  composePromiseDomains,
  DomainPromise,
  type PromiseDomain,
  withPromiseDomain,
} from '../../src/index.js';
import { allJobsDone, collectUnhandledRejections } from '../support/unhandled-rejections.js';

const fail = (): never => {
  throw new RangeError('no');
};

test.each<[string, NonNullable<PromiseDomain['captureForAwait']>]>([
  ['enters', () => () => fail()],
  ['leaves', () => () => () => fail()],
])(
  'a captureForAwait that throws as it %s keeps no other domain from leaving',
  async (_step, captureForAwait) => {
    const failures = collectUnhandledRejections();
    const log: string[] = [];
    const other: PromiseDomain = {
      captureForAwait: () => () => {
        log.push('enter');
        return () => log.push('leave');
      },
    };
    const task = async () => {
      await DomainPromise.resolve();
      log.push('continuation');
    };
    const failing = { captureForAwait };
    await withPromiseDomain(failing, task);
    await allJobsDone();
    expect(log.splice(0)).toEqual(['continuation']);
    for (const domain of [composePromiseDomains(other, failing), composePromiseDomains(failing, other)]) {
      await withPromiseDomain(domain, task);
      await allJobsDone();
      expect(log.splice(0)).toEqual(['enter', 'continuation', 'leave']);
    }
    expect(failures).toEqual(Array(3).fill(new RangeError('no')));
  },
);

test('an await needs no iterator of arrays, which others may have replaced', async () => {
  const iterators: { next?: unknown } = Object.getPrototypeOf([].values());
  const { next } = iterators;
  onTestFinished(() => {
    iterators.next = next;
  });
  const log: string[] = [];
  const hooked: PromiseDomain = { captureForAwait: () => () => () => log.push('leave') };
  const task = async () => {
    iterators.next = () => {
      throw new Error('replaced');
    };
    await DomainPromise.resolve();
    iterators.next = next;
    log.push('continuation');
  };
  await withPromiseDomain(hooked, () => withPromiseDomain(hooked, task));
  await allJobsDone();
  expect(log).toEqual(['continuation', 'leave', 'leave']);
});
