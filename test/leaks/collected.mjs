import { context } from '@opentelemetry/api';
import {
  DomainPromise,
  localPromiseDomain,
  observePromiseDomains,
  withOtelPromiseDomain,
  withOtelSpan,
  withPromiseDomain,
} from 'otel-promise-domain';
import { collectGarbage } from './collect-garbage.mjs';

const expected = new Error('expected');
const fail = () => {
  throw expected;
};
const makeDomain = () => ({ wrapOnFulfilled: (callback) => (value) => callback(value), onError() {} });
const weak = (...objects) => objects.map((object) => new WeakRef(object));

/**
 * A chain in a new span and a new domain, of which every promise is kept.
 *
 * @param start given the array of promises to keep, calls and returns what `fn` of `withOtelSpan` is to return
 */
async function settledChain(tracer, start) {
  const domain = makeDomain();
  const kept = [];
  let gone = weak(domain);
  const result = withPromiseDomain(domain, () =>
    withOtelSpan('op', { tracer }, (span) => {
      gone = weak(domain, span, context.active());
      return start(kept);
    }),
  );
  const outside = [result.then(() => {}), result.catch(() => {}), result.finally(() => {})];
  await Promise.allSettled(outside);
  return { gone, kept: outside, keptInside: [result, ...kept] };
}

/** An iterable that is kept, returned by two calls, each time given to `use`. */
async function sharedIterable(tracer, use) {
  const iterable = {
    async *[Symbol.asyncIterator]() {
      yield 1;
    },
  };
  let gone = [];
  for (const name of ['earlier', 'latest']) {
    const result = withOtelSpan(name, { tracer }, (span) => {
      if (name === 'earlier') gone = weak(span, context.active());
      return iterable;
    });
    await use(result);
  }
  return { gone, kept: [iterable] };
}

/**
 * By what is not kept alive. Each does something to the end, and returns weak references to what must be gone then, and
 * what is kept all the while: `keptInside` are promises that were made while the context was active.
 */
const cases = {
  'domain, span and context by a fulfilled chain': (tracer) =>
    settledChain(tracer, (kept) => {
      const first = DomainPromise.resolve(1);
      const second = first.then((value) => value + 1);
      const third = second.finally(() => {});
      kept.push(first, second, third);
      return third;
    }),
  'domain, span and context by a rejected chain': (tracer) =>
    settledChain(tracer, (kept) => {
      const first = DomainPromise.resolve(1).then(fail);
      const second = first.catch(fail);
      kept.push(first, second);
      return second;
    }),
  'domain, span and context by a native promise': (tracer) =>
    settledChain(tracer, (kept) => {
      const native = Promise.resolve(1);
      kept.push(
        native,
        DomainPromise.from(native).then(() => {}),
      );
      return native;
    }),
  'domain, span and context by an async function': (tracer) =>
    settledChain(tracer, async (kept) => {
      const first = DomainPromise.resolve(1);
      kept.push(first);
      return await first;
    }),
  'domain, span and context by a promise that tasks have awaited, and by the last await': (tracer) =>
    settledChain(tracer, async (kept) => {
      const first = DomainPromise.resolve(1);
      kept.push(first);
      const task = async () => await first;
      await DomainPromise.all([task(), task()]);
      return await first;
    }),
  async 'domain, span and context by an await that never ends and is dropped'(tracer) {
    const domain = makeDomain();
    let gone = [];
    withPromiseDomain(domain, () =>
      withOtelSpan('op', { tracer }, async (span) => {
        gone = weak(domain, span, context.active());
        await new DomainPromise(() => {});
      }),
    ).finally(() => {});
    return { gone, kept: [] };
  },
  'domain, span and context by a thenable': (tracer) =>
    settledChain(tracer, (kept) => {
      const thenable = { then: (fulfil) => fulfil(1) };
      kept.push(thenable);
      return thenable;
    }),
  async 'domain, span and context by the functions that have settled a chain'(tracer) {
    const { promise, resolve, reject } = DomainPromise.withResolvers();
    const settled = settledChain(tracer, () => promise.then(() => {}));
    resolve();
    const { gone, kept, keptInside } = await settled;
    return { gone, kept: [...kept, promise, resolve, reject], keptInside };
  },
  async 'domain, span and context by a chain that never settles and is dropped'(tracer) {
    const domain = makeDomain();
    let gone = [];
    withPromiseDomain(domain, () =>
      withOtelSpan('op', { tracer }, (span) => {
        gone = weak(domain, span, context.active());
        return new DomainPromise(() => {}).then(() => {});
      }),
    ).finally(() => {});
    return { gone, kept: [] };
  },
  'the span of an earlier call by an iterable that several calls return': (tracer) =>
    sharedIterable(tracer, async (iterable) => {
      for await (const _ of iterable);
    }),
  'the span of an earlier call by an iterable that nobody iterates': (tracer) =>
    sharedIterable(tracer, () => {}),
  async 'a local domain that was disposed'() {
    const domain = makeDomain();
    const local = localPromiseDomain(domain);
    const chain = DomainPromise.resolve().then(() => {});
    local[Symbol.dispose]();
    await chain;
    return { gone: weak(domain), kept: [chain] };
  },
  async 'local domains that were disposed out of order'() {
    const domains = [makeDomain(), makeDomain(), makeDomain()];
    const locals = domains.map((domain) => localPromiseDomain(domain, { replace: true }));
    for (const local of locals) local[Symbol.dispose]();
    await DomainPromise.resolve();
    return { gone: weak(...domains), kept: [] };
  },
  async 'a local domain that was never disposed, once its job is over'() {
    const domain = makeDomain();
    localPromiseDomain(domain);
    await DomainPromise.resolve();
    return { gone: weak(domain), kept: [] };
  },
  async 'an observer that was removed'() {
    const observer = () => {};
    const stop = observePromiseDomains(observer);
    await DomainPromise.resolve().then(() => {});
    stop();
    return { gone: weak(observer), kept: [] };
  },
  async 'an error that a callback has thrown'() {
    const error = new Error('expected');
    const domain = makeDomain();
    await withOtelPromiseDomain(() =>
      withPromiseDomain(domain, () =>
        DomainPromise.resolve()
          .then(() => {
            throw error;
          })
          .catch(() => {}),
      ),
    );
    return { gone: weak(error), kept: [domain] };
  },
};

/**
 * Whether the manager itself keeps the context alive by every native promise made in it. The AsyncLocalStorage of Node 20
 * does, and what it keeps is no matter of the library.
 */
async function promisesKeepContext(tracer) {
  let promise;
  const gone = tracer.startActiveSpan('op', () => {
    promise = Promise.resolve();
    return weak(context.active());
  });
  await promise;
  return (await stillAlive(gone, [promise])) > 0;
}

/** Nothing that has settled, was disposed of or removed keeps a domain, a span or a context alive. */
export async function checkCollected(tracer, report) {
  const held = makeDomain();
  report('what is held is seen to be alive', (await stillAlive(weak(held), [held])) === 1);
  const dropInside = await promisesKeepContext(tracer);
  if (dropInside) console.log('note native promises keep the context here, so those made in it are dropped');
  for (const [title, run] of Object.entries(cases)) {
    const { gone, kept, keptInside = [] } = await run(tracer);
    if (dropInside) keptInside.length = 0;
    const left = await stillAlive(gone, [...kept, ...keptInside]);
    report(`not kept alive: ${title}`, gone.length > 0 && left === 0, `${left} of ${gone.length} left`);
  }
}

/** How many of `refs` are alive after a collection in which `kept` are alive. */
async function stillAlive(refs, kept) {
  await collectGarbage(() => refs.every((ref) => ref.deref() === undefined));
  const alive = refs.filter((ref) => ref.deref() !== undefined).length;
  keepAlive.add(kept);
  keepAlive.delete(kept);
  return alive;
}

/** Used after a collection, so that no optimisation drops what is in it before. */
const keepAlive = new Set();
