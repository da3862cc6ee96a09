// What does it cost to run a callback that was captured in k nested spans? The handoff domain reactivates one context;
// the naive domain adds a part at every level, and reactivates all k spans.
import { ratios, ratioWithSpread, target, withSpread } from './stats.mjs';
import { managerNames, startManager, startProvider } from './tracing.mjs';

const DEPTHS = [1, 10, 1000, 10_000];

/** What is restored in one batch: as many callbacks as make this number of reactivations. */
const REACTIVATIONS = 20_000;
const MAX_CALLBACKS = 1000;

const subjects = { handoff: 'this library', naive: 'naive domain, one part a span' };

export const name = 'restoration-depth';

export const groups = [
  DEPTHS.flatMap((depth) => [`stack/handoff/${depth}`, `stack/naive/${depth}`]),
  DEPTHS.map((depth) => `als/handoff/${depth}`),
];

/** The spans are nested for real, and the naive domain calls k functions in each other. */
export const stackMegabytes = 256;

/** @param {string} id manager/subject/depth */
export async function prepare(id) {
  const [manager, subject, depthText] = id.split('/');
  const depth = Number(depthText);
  const { trace, context } = await startManager(manager);
  const tracer = await startProvider();
  const { DomainPromise, withOtelSpan, withPromiseDomain } = await import('otel-promise-domain');

  /** Each calls `fn` as level `depth`, starting at level `level`. */
  const nestings = {
    handoff(level, fn) {
      withOtelSpan(`level ${level}`, { tracer }, () =>
        level === depth ? fn() : nestings.handoff(level + 1, fn),
      );
    },
    naive(level, fn) {
      const span = tracer.startSpan(`level ${level}`);
      const activate = (call, value) =>
        context.with(trace.setSpan(context.active(), span), call, undefined, value);
      const domain = { wrapOnFulfilled: (callback) => (value) => activate(callback, value) };
      activate(() =>
        withPromiseDomain(domain, () => (level === depth ? fn() : nestings.naive(level + 1, fn))),
      );
    },
  };

  const callbacks =
    subject === 'naive' ? Math.max(1, Math.min(MAX_CALLBACKS, REACTIVATIONS / depth)) : MAX_CALLBACKS;
  let runs = 0;
  let seen;
  const work = () => {
    runs += 1;
  };

  // Called in the depth, by the nesting once and then by a callback that it has captured itself: nesting anew for
  // every batch would take longer than what is measured.
  let batch;
  const prepareBatch = () => {
    seen = trace.getActiveSpan()?.name;
    batch = { start: DomainPromise.withResolvers(), again: DomainPromise.withResolvers() };
    for (let i = 0; i < callbacks; i++) batch.start.promise.then(work);
    batch.again.promise.then(prepareBatch);
  };
  nestings[subject](1, prepareBatch);

  return {
    async run(count) {
      let elapsed = 0;
      runs = 0;
      for (let i = 0; i < count; i++) {
        const started = performance.now();
        batch.start.resolve();
        await null; // queued behind all callbacks of the batch
        elapsed += performance.now() - started;
        batch.again.resolve();
        await null;
      }
      if (runs !== count * callbacks) throw new Error(`${id}: ${runs} callbacks of ${count * callbacks} ran`);
      return { ns: elapsed * 1e6, operations: runs };
    },
    check() {
      if (seen !== `level ${depth}`) throw new Error(`${id}: ${seen} is active`);
    },
  };
}

export function report({ alone }) {
  const rows = groups.flat().map((id) => {
    const [manager, subject, depth] = id.split('/');
    const times = depth === '1' ? '1' : ratioWithSpread(ratios(alone[id], alone[`${manager}/${subject}/1`]));
    return [
      managerNames[manager],
      subjects[subject],
      Number(depth).toLocaleString('en-US'),
      withSpread(alone[id]),
      times,
    ];
  });
  const deepest = (manager) =>
    ratios(alone[`${manager}/handoff/${DEPTHS.at(-1)}`], alone[`${manager}/handoff/${DEPTHS[0]}`]);
  return {
    title: 'Restoration in the depth',
    text: [
      'Time from the settling of a promise to the end of its callback, a callback, where `then()` was called inside k',
      'nested spans. The naive domain is a promise domain that each span adds to those before it. Under the',
      'AsyncLocalStorage manager the engine itself restores the context, so that the naive domain has no use there.',
    ].join('\n'),
    head: ['manager', 'domain', 'nested spans', 'ns a callback', '× one span'],
    rows,
    targets: [
      target('restoration at depth 10,000 / at depth 1, stack manager', deepest('stack'), 1.1),
      target('restoration at depth 10,000 / at depth 1, AsyncLocalStorage', deepest('als'), 1.1),
    ],
  };
}
