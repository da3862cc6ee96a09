// What does one step of a `then()` chain cost? A chain of 1000 steps is built at once and run to its end.
import { ratios, ratioWithSpread, target, withSpread } from './stats.mjs';
import { managerNames, startManager, startProvider } from './tracing.mjs';

const STEPS = 1000;

const library = {
  outside: 'this library, outside a domain',
  'no-span': 'this library, in the domain, no active span',
  span: 'this library, in the domain, active span',
};

const labels = { native: 'native promise', bluebird: 'bluebird', ...library };

const kinds = {
  none: ['native', 'bluebird'],
  als: ['native', 'bluebird', ...Object.keys(library)],
  stack: Object.keys(library),
  zone: ['native', ...Object.keys(library)],
};

export const name = 'then-step';

/** Cases that share a manager: each is measured in a process of its own, and all of them together in another. */
export const groups = Object.entries(kinds).map(([manager, list]) =>
  list.map((kind) => `${manager}/${kind}`),
);
export const measureGroups = true;

/** @param {string} id manager/kind */
export async function prepare(id) {
  const [manager, kind] = id.split('/');
  const { context, ROOT_CONTEXT, trace } = await startManager(manager);
  const tracer = await startProvider();
  const span = tracer.startSpan('chain');
  const active = kind === 'no-span' || manager === 'none' ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, span);
  const { start, enter = (fn) => fn() } = await promises[kind]();
  const enterAll = (fn) => (manager === 'none' ? fn() : context.with(active, enter, undefined, fn));

  async function chains(count, step) {
    const started = performance.now();
    for (let i = 0; i < count; i++) await chain(start, enterAll, step);
    return { ns: (performance.now() - started) * 1e6, operations: count * STEPS };
  }

  return {
    run: (count) => chains(count, increment),
    /** After the measurement, so that it sees only one callback: what was active in the callbacks. */
    async check() {
      const seen = new Set();
      await chains(1, (value) => {
        seen.add(trace.getActiveSpan());
        return value + 1;
      });
      if (seen.size !== 1) throw new Error(`${id}: some callbacks have a span, others not`);
      const found = seen.has(span);
      if (kind === 'span' && !found) throw new Error(`${id}: the span is not handed off`);
      return found;
    },
  };
}

const promises = {
  native: () => ({ start: () => Promise.resolve(0) }), // of the moment: zone.js replaces the global
  async bluebird() {
    const { default: Bluebird } = await import('bluebird');
    return { start: () => Bluebird.resolve(0) };
  },
  async outside() {
    const { DomainPromise } = await import('otel-promise-domain');
    return { start: () => DomainPromise.resolve(0) };
  },
  'no-span': inDomain,
  span: inDomain,
};

async function inDomain() {
  const { DomainPromise, withOtelPromiseDomain } = await import('otel-promise-domain');
  return { start: () => DomainPromise.resolve(0), enter: withOtelPromiseDomain };
}

/** Of the engine, whatever is loaded later. */
const EnginePromise = Promise;

async function chain(start, enter, step) {
  const end = await new EnginePromise((resolve, reject) => {
    enter(() => {
      let promise = start();
      for (let i = 0; i < STEPS; i++) promise = promise.then(step);
      promise.then(resolve, reject);
    });
  });
  if (end !== STEPS) throw new Error(`a chain of ${STEPS} steps ended with ${end}`);
}

function increment(value) {
  return value + 1;
}

/**
 * @param {object} figures
 * @param {Record<string, import('./stats.mjs').Figure>} figures.alone
 * @param {Record<string, import('./stats.mjs').Figure>} figures.shared
 * @param {Record<string, boolean>} figures.checks
 * @param {number} major the targets are set for Node 20
 */
export function report({ alone, shared, checks }, major) {
  const native = alone['als/native'];
  const zone = alone['zone/native'];
  const rows = groups.flat().map((id) => {
    const [manager, kind] = id.split('/');
    const times = id === 'als/native' ? '1' : ratioWithSpread(ratios(alone[id], native));
    const kept = manager === 'none' || kind === 'no-span' ? '' : checks[id] ? 'yes' : 'no';
    return [managerNames[manager], labels[kind], withSpread(alone[id]), times, withSpread(shared[id]), kept];
  });
  const limit = (value) => (major === 20 ? value : undefined);
  const atLeast = true;
  return {
    title: 'A step of a chain',
    text: [
      `Time a step of a chain of ${STEPS} \`.then()\`, built and run to its end. *Alone*: in a process that has seen no`,
      'other class of promise; this is the figure that counts. *Together*: in one process with all cases of the same',
      'manager in turn; engines specialise the code that all promises share for the classes they have met, on Node 20',
      'under the AsyncLocalStorage manager in particular. *Kept*: whether the callbacks see the span that was active',
      'when the chain was built.',
    ].join('\n'),
    head: ['manager', 'promise', 'ns, alone', '× native, AsyncLocalStorage', 'ns, together', 'kept'],
    rows,
    targets: [
      target(
        'step under AsyncLocalStorage / native step under it',
        ratios(alone['als/span'], native),
        limit(2),
      ),
      target(
        'step under the stack manager / native step under AsyncLocalStorage',
        ratios(alone['stack/span'], native),
        limit(1.4),
      ),
      target(
        'native step under zone.js / step under the stack manager, which needs no zone.js',
        ratios(zone, alone['stack/span']),
        limit(4),
        { atLeast },
      ),
      target('native step under zone.js / step under AsyncLocalStorage', ratios(zone, alone['als/span'])),
      target('native step under zone.js / native step under AsyncLocalStorage', ratios(zone, native)),
    ],
  };
}
