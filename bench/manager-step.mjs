// What does a step of a `then()` chain cost under this library's own context manager?
import { ratios, ratioWithSpread, target, withSpread } from './stats.mjs';
import { outcome, ways } from './ways.mjs';

const STEPS = 1000;

const labels = {
  als: 'native promise, AsyncLocalStorage manager',
  native: 'native promise, nothing kept',
  default: 'this library, its manager',
  zone: 'native promise, zone.js and its manager',
};

const inNode = ['als', 'default', 'zone'];
const inBrowsers = ['native', 'default', 'zone'];

export const name = 'manager-step';
export const runsInBrowsers = true;
export const groups = [inNode];
export const browserGroups = [inBrowsers];
export const isLowered = (way) => ways[way].lowered === true;

/** @param {string} way */
export async function prepare(way) {
  const { span, enter, active, start } = await ways[way].prepare();
  const keeps = way !== 'native';
  const chain = (step) =>
    outcome(enter, () => {
      let promise = start();
      for (let i = 0; i < STEPS; i++) promise = promise.then(step);
      return promise;
    });
  return {
    async run(count) {
      const started = performance.now();
      for (let i = 0; i < count; i++) {
        const end = await chain(increment);
        if (end !== STEPS) throw new Error(`a chain of ${STEPS} steps ended with ${end}`);
      }
      return { ns: (performance.now() - started) * 1e6, operations: count * STEPS };
    },
    /** After the measurement, so that it sees only one callback. */
    async check() {
      let kept = 0;
      await chain((value) => {
        if (active() === span) kept += 1;
        return value + 1;
      });
      if (kept !== (keeps ? STEPS : 0))
        throw new Error(`${way}: ${kept} of ${STEPS} callbacks have the span`);
      return keeps;
    },
  };
}

function increment(value) {
  return value + 1;
}

/** @param {number | string} runtime the major of Node, or the name of a browser */
export function report({ alone, checks }, runtime) {
  const isNode = typeof runtime === 'number';
  const reference = alone[isNode ? 'als' : 'native'];
  const rows = (isNode ? inNode : inBrowsers).map((way) => {
    const times = alone[way] === reference ? '1' : ratioWithSpread(ratios(alone[way], reference));
    return [labels[way], withSpread(alone[way]), times, checks[way] ? 'yes' : 'no'];
  });
  const targets = [
    target(
      'native step under zone.js / step under DomainContextManager',
      ratios(alone.zone, alone.default),
      isNode ? undefined : 4,
      { atLeast: true },
    ),
  ];
  if (isNode) {
    const what = 'step under DomainContextManager / native step under AsyncLocalStorage';
    targets.unshift(target(what, ratios(alone.default, alone.als), runtime === 20 ? 1.3 : undefined));
  }
  return {
    title: 'A step under DomainContextManager',
    text: [
      `Time a step of a chain of ${STEPS} \`.then()\`, built with a span active and run to its end. In the browsers the native`,
      'promise has nothing that keeps a context; in Node it has AsyncLocalStorage.',
    ].join('\n'),
    head: ['promise', 'ns a step', '× the first', 'kept'],
    rows,
    targets,
  };
}
