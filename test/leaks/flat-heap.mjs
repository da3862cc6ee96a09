import { setImmediate } from 'node:timers/promises';
import {
  DomainPromise,
  localOtelPromiseDomain,
  observePromiseDomains,
  withOtelPromiseDomain,
  withOtelSpan,
  withPromiseDomain,
} from 'otel-promise-domain';
import { collectGarbage } from './collect-garbage.mjs';

const FIRST = 100_000;
const LAST = 1_000_000;
const LIMIT_PERCENT = 5;

const addOne = (value) => value + 1;
const fail = () => {
  throw new RangeError('expected');
};
const counting = { wrapOnFulfilled: (callback) => (value) => callback(value) };

/** Each starts at least one span, and returns a chain that is fulfilled when all is done. */
const programs = [
  (tracer) =>
    withOtelSpan('chain', { tracer }, () => DomainPromise.resolve(0).then(addOne).then(addOne)).then(addOne),
  (tracer) =>
    withOtelSpan('rejected', { tracer }, () => DomainPromise.resolve(0).then(fail))
      .catch(() => 0)
      .finally(() => {}),
  (tracer) => withOtelSpan('async', { tracer }, async () => addOne(await DomainPromise.resolve(0))),
  (tracer) =>
    withOtelSpan('outer', { tracer }, () =>
      withOtelSpan('inner', { tracer }, () => ({ then: (fulfil) => fulfil(0) })).then(addOne),
    ),
  (tracer) =>
    withOtelPromiseDomain(() =>
      withPromiseDomain(counting, () =>
        withOtelSpan('composed', { tracer }, () =>
          DomainPromise.resolve(0)
            .then(addOne)
            .finally(() => {}),
        ),
      ),
    ),
  async (tracer) => {
    const iteration = withOtelSpan('iteration', { tracer }, async function* () {
      yield 0;
      yield 1;
    });
    for await (const value of iteration) if (value === 1) break;
  },
  (tracer) => {
    const stop = observePromiseDomains(() => {});
    const outer = localOtelPromiseDomain();
    const chain = withOtelSpan('local', { tracer }, () =>
      DomainPromise.all([0, DomainPromise.resolve(1).then(addOne)]),
    );
    outer[Symbol.dispose]();
    stop();
    return chain.then(([zero]) => zero);
  },
];

/** One million spans and chains: the heap after the last of them is that after the first tenth. */
export async function checkFlatHeap(tracer, report) {
  const started = performance.now();
  await run(tracer, 0, FIRST);
  const first = await heapUsed();
  await run(tracer, FIRST, LAST);
  const last = await heapUsed();
  const percent = (100 * (last - first)) / first;
  const seconds = (performance.now() - started) / 1000;
  report(
    `heap grows by at most ${LIMIT_PERCENT} % from ${FIRST} to ${LAST} spans and chains`,
    percent <= LIMIT_PERCENT,
    `${(first / 1e6).toFixed(2)} MB, then ${(last / 1e6).toFixed(2)} MB, ${percent.toFixed(2)} %, ${seconds.toFixed(0)} s`,
  );
}

async function run(tracer, from, to) {
  for (let i = from; i < to; i++) {
    await programs[i % programs.length](tracer);
    if (i % 10_000 === 0) await setImmediate();
  }
}

async function heapUsed() {
  await collectGarbage();
  return process.memoryUsage().heapUsed;
}
