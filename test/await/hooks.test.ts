import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import {
  composePromiseDomains,
  currentPromiseDomain,
  DomainContextManager,
  DomainPromise,
  observePromiseDomains,
  type PromiseDomain,
  withPromiseDomain,
} from '../../src/index.js';
import { active, after, allJobsDone, register, within } from '../support/awaiting.js';

const log: string[] = [];

/** A domain that logs its three steps of an await. */
function logging(name: string): PromiseDomain {
  return {
    name,
    captureForAwait: () => {
      log.push(`${name} captures`);
      return () => {
        log.push(`${name} enters, ${active() ?? 'nothing'} active`);
        return () => log.push(`${name} leaves, ${active() ?? 'nothing'} active`);
      };
    },
  };
}

class Sub extends DomainPromise<void> {}

function fail(): never {
  throw new RangeError('no');
}

async function logAwait(): Promise<void> {
  log.push('before');
  await DomainPromise.resolve();
  log.push('after');
}

beforeEach(() => {
  register(new DomainContextManager());
});

afterEach(async () => {
  log.length = 0;
  await allJobsDone();
  expect([active(), currentPromiseDomain()]).toEqual([undefined, undefined]);
});

describe('captureForAwait', () => {
  test('is called at the await; its result enters just before the continuation and leaves just after', async () => {
    queueMicrotask(() => log.push('a microtask'));
    await within('A', () => withPromiseDomain(logging('domain'), logAwait));
    await allJobsDone();
    expect(log).toEqual([
      'before',
      'domain captures',
      'a microtask',
      'domain enters, A active',
      'after',
      'domain leaves, A active',
    ]);
  });

  test('of a composed domain enters from the outside in, and leaves from the inside out', async () => {
    await withPromiseDomain(logging('base'), () => withPromiseDomain(logging('added'), logAwait));
    await allJobsDone();
    expect(log).toEqual([
      'before',
      'base captures',
      'added captures',
      'base enters, nothing active',
      'added enters, nothing active',
      'after',
      'added leaves, nothing active',
      'base leaves, nothing active',
    ]);
  });

  test('of a composed domain is there if one of the two has it', async () => {
    expect(composePromiseDomains({}, {}).captureForAwait).toBeUndefined();
    const nothing: PromiseDomain = { captureForAwait: () => undefined };
    for (const domain of [
      composePromiseDomains(logging('base'), nothing),
      composePromiseDomains({}, logging('base')),
    ]) {
      await withPromiseDomain(domain, logAwait);
      await allJobsDone();
      expect(log.splice(0)).toEqual([
        'before',
        'base captures',
        'base enters, nothing active',
        'after',
        'base leaves, nothing active',
      ]);
    }
  });

  test('may capture nothing: the domain is kept all the same', async () => {
    const domain: PromiseDomain = { captureForAwait: () => undefined };
    const task = () => after(DomainPromise.resolve(), () => currentPromiseDomain() === domain);
    expect(await withPromiseDomain(domain, task)).toBe(true);
  });

  test('is not called for then(), for a return, or outside an await', async () => {
    await withPromiseDomain(logging('domain'), async () => {
      void DomainPromise.resolve().then(() => log.push('callback'));
      void DomainPromise.resolve().finally(() => log.push('callback'));
      void DomainPromise.resolve(DomainPromise.resolve()).then(() => log.push('callback'));
      void DomainPromise.all([DomainPromise.resolve(), new Sub((resolve) => resolve())]);
      void DomainPromise.resolve(new Sub((resolve) => resolve()));
      return DomainPromise.resolve();
    });
    expect(log).toEqual(['callback', 'callback', 'callback']);
  });

  test('that throws or gives no function rejects the await', async () => {
    await expect(withPromiseDomain({ captureForAwait: fail }, logAwait)).rejects.toThrow(
      new RangeError('no'),
    );
    // Reason for the cast: a wrong result, as plain JavaScript may give it.
    const wrong = { captureForAwait: () => 42 } as unknown as PromiseDomain;
    await expect(withPromiseDomain(wrong, logAwait)).rejects.toThrow(
      new TypeError('PromiseDomain.captureForAwait: result must be a function (got 42)'),
    );
  });
});

describe('an observer', () => {
  test('is told of an await, and of its continuation inside what it keeps', async () => {
    const events: unknown[] = [];
    const promise = DomainPromise.resolve();
    onTestFinished(
      observePromiseDomains((event) => {
        if ('promise' in event && event.promise === promise) events.push([event.kind, active()]);
      }),
    );
    await within('A', async () => {
      await promise;
      events.push('continuation');
    });
    await allJobsDone();
    expect(events).toEqual([['await', 'A'], ['await enter', 'A'], 'continuation', ['await leave', 'A']]);
  });
});
