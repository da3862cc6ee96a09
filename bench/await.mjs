// What does a native `await` cost where the active span is to be active after it too?
import { awaitPrograms } from './await-programs.mjs';
import { ratios, ratioWithSpread, target, withSpread } from './stats.mjs';
import { outcome, ways } from './ways.mjs';

const compared = ['native', 'default', 'fast', 'zone', 'dexie'];

const awaited = {
  shared: 'one promise, in a loop',
  fresh: "the engine's next promise, wrapped",
};

export const name = 'await';
export const runsInBrowsers = true;

/** Each case has a process or a page of its own: what one does to the promises of its realm is none of the others'. */
export const groups = Object.keys(awaited).map((kind) => compared.map((way) => `${way}/${kind}`));

/** Whether what a case runs is to be compiled. */
export const isLowered = (id) => ways[id.split('/')[0]].lowered === true;

const EnginePromise = Promise;

/** @param {string} id way/what is awaited */
export async function prepare(id) {
  const [way, kind] = id.split('/');
  const { keepsAwaits } = ways[way];
  const { span, enter, active, from } = await ways[way].prepare();
  const { awaitShared, awaitFresh } = await awaitPrograms(isLowered(id));
  const make = () => from(EnginePromise.resolve(0));
  let shared;
  const programs = {
    shared: (count) => awaitShared(shared, count, active),
    fresh: (count) => awaitFresh(make, count, active),
  };

  return {
    async run(count) {
      enter(() => {
        shared = way === 'zone' ? Promise.resolve(0) : make(); // zone.js has replaced the global one
      });
      const started = performance.now();
      const { before, after } = await outcome(enter, () => programs[kind](count));
      const ns = (performance.now() - started) * 1e6;
      if (before !== span) throw new Error(`${id}: the span is not active before the await`);
      if ((after === span) !== keepsAwaits) throw new Error(`${id}: after the await, ${after} is active`);
      if (active() === span) throw new Error(`${id}: the span is still active at the end`);
      return { ns, operations: count };
    },
    check: () => keepsAwaits,
  };
}

/**
 * @param {object} figures
 * @param {Record<string, import('./stats.mjs').Figure>} figures.alone
 * @param {Record<string, boolean>} figures.checks
 */
export function report({ alone, checks }) {
  const rows = groups.flat().map((id) => {
    const [way, kind] = id.split('/');
    const times = way === 'zone' ? '1' : ratioWithSpread(ratios(alone[id], alone[`zone/${kind}`]));
    return [awaited[kind], ways[way].label, withSpread(alone[id]), times, checks[id] ? 'yes' : 'no'];
  });
  const limits = { fast: { shared: 0.8, fresh: 1 }, default: { shared: 2, fresh: 2 } };
  return {
    title: 'A native await',
    text: [
      'Time an `await` in a loop of an async function, with a span active. *One promise*: the same settled promise each',
      'time. *Wrapped*: a new promise of the engine each time, as an API returns them, in what a program must put around',
      'it: `DomainPromise.from(…)`, `Dexie.Promise.resolve(…)`, and for zone.js nothing, as the compiled code does it. A',
      'zone of Dexie is what its transactions run in, entered here without a database by `Dexie.Promise.newPSD`; it',
      'keeps a value of its own, since OpenTelemetry has no context manager for it. *Kept*: whether the span is still',
      'active after the last `await`, as every measured run verifies.',
    ].join('\n'),
    head: ['awaited', 'by', 'ns an await', '× zone.js', 'kept'],
    rows,
    targets: Object.entries(limits).flatMap(([way, ofWay]) =>
      Object.entries(ofWay).map(([kind, limit]) =>
        target(
          `await of ${awaited[kind]}: ${ways[way].label} / zone.js`,
          ratios(alone[`${way}/${kind}`], alone[`zone/${kind}`]),
          limit,
        ),
      ),
    ),
  };
}
