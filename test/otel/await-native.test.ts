import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { StackContextManager } from '@opentelemetry/sdk-trace-web';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import {
  currentPromiseDomain,
  DomainPromise,
  observePromiseDomains,
  withOtelPromiseDomain,
  withOtelSpan,
  withPromiseDomain,
} from '../../src/index.js';
import { active, after, register, within } from '../support/awaiting.js';
import { traceJobs } from '../support/jobs.js';
import { activeName, startTracing } from '../support/tracing.js';

/** What any subclass of Promise does. */
class Plain<T> extends Promise<T> {}

function observeAwaits(): string[] {
  const kinds: string[] = [];
  onTestFinished(observePromiseDomains(({ kind }) => void (kind.startsWith('await') && kinds.push(kind))));
  return kinds;
}

const awaits = (promise: PromiseLike<unknown>, log: (label: string) => void) =>
  after(promise, () => log('awaited'));

describe('under the AsyncLocalStorage manager, an await of a domain promise', () => {
  beforeEach(() => {
    register(new AsyncLocalStorageContextManager());
  });

  test('keeps the context without a bracket, in and outside the handoff domain', async () => {
    const kinds = observeAwaits();
    const task = () => after(DomainPromise.resolve(), active);
    expect(await within('A', task)).toBe('A');
    expect(await within('B', () => withOtelPromiseDomain(task))).toBe('B');
    expect(kinds).toEqual([]);
  });

  test('takes the turns of any subclass in the handoff domain', async () => {
    const plain = await traceJobs((log) => void awaits(Plain.resolve(), log));
    const traced = await traceJobs((log) =>
      within('A', () => withOtelPromiseDomain(() => void awaits(DomainPromise.resolve(), log))),
    );
    expect(traced).toEqual(plain);
  });

  test('keeps a domain of hooks by a bracket, alone and beside the handoff domain', async () => {
    const kinds = observeAwaits();
    const domain = { name: 'mine' };
    const task = () => after(DomainPromise.resolve(), () => [active(), currentPromiseDomain() === domain]);
    expect(await within('A', () => withPromiseDomain(domain, task))).toEqual(['A', true]);
    const both = () => after(DomainPromise.resolve(), () => [active(), currentPromiseDomain() !== undefined]);
    const run = () => withOtelPromiseDomain(() => withPromiseDomain(domain, both));
    expect(await within('B', run)).toEqual(['B', true]);
    expect(kinds).toHaveLength(6);
  });
});

describe('an await of a domain promise in withOtelSpan()', () => {
  test('under the stack manager keeps the domain, not the span', async () => {
    const { tracer } = startTracing(new StackContextManager());
    const seen = await withOtelSpan('span', { tracer }, () =>
      after(DomainPromise.resolve(), () => [activeName(), currentPromiseDomain() !== undefined]),
    );
    expect(seen).toEqual([undefined, true]);
  });

  test('where no manager is registered keeps the domain', async () => {
    expect(context.active()).toBeDefined();
    const task = () => after(DomainPromise.resolve(), () => currentPromiseDomain() !== undefined);
    expect(await withOtelPromiseDomain(task)).toBe(true);
  });
});
