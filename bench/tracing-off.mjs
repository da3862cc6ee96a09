// What does `withOtelSpan` cost where tracing is off, that is, where no provider is registered?
import { ratios, ratioWithSpread, target, withSpread } from './stats.mjs';
import { managerNames, startManager, startProvider } from './tracing.mjs';

const callers = {
  direct: 'direct call',
  'start-active': '`tracer.startActiveSpan`',
  'with-otel-span': '`withOtelSpan`',
};

const settings = {
  'none/off': 'off',
  'als/off': 'off',
  'als/on': 'on',
};

const caseIds = (setting) =>
  ['sync', 'async'].flatMap((body) =>
    Object.keys(callers)
      .filter((caller) => caller !== 'direct' || setting === 'none/off')
      .map((caller) => `${setting}/${body}/${caller}`),
  );

export const name = 'tracing-off';

export const groups = Object.keys(settings).map(caseIds);

/** @param {string} id manager/on or off/sync or async/caller */
export async function prepare(id) {
  const [manager, provider, body, caller] = id.split('/');
  const { trace } = await startManager(manager);
  const tracer = provider === 'on' ? await startProvider() : trace.getTracer('bench');
  const call = await calls[body][caller](tracer);
  return {
    run: (count) => (body === 'sync' ? runSync : runAsync)(call, count),
    check() {},
  };
}

let calledWith = 0;

function work() {
  calledWith += 1;
  return calledWith;
}

const calls = {
  sync: {
    direct: () => work,
    'start-active': (tracer) => {
      const fn = (span) => {
        const result = work();
        span.end();
        return result;
      };
      return () => tracer.startActiveSpan('operation', fn);
    },
    'with-otel-span': async (tracer) => {
      const { withOtelSpan } = await import('otel-promise-domain');
      return () => withOtelSpan('operation', { tracer }, work);
    },
  },
  async: {
    direct: () => workAsync,
    'start-active': (tracer) => {
      const fn = async (span) => {
        const result = work();
        span.end();
        return result;
      };
      return () => tracer.startActiveSpan('operation', fn);
    },
    'with-otel-span': async (tracer) => {
      const { withOtelSpan } = await import('otel-promise-domain');
      return () => withOtelSpan('operation', { tracer }, workAsync);
    },
  },
};

async function workAsync() {
  return work();
}

function runSync(call, count) {
  const before = calledWith;
  const started = performance.now();
  for (let i = 0; i < count; i++) call();
  return measured(started, before, count);
}

async function runAsync(call, count) {
  const before = calledWith;
  const started = performance.now();
  for (let i = 0; i < count; i++) await call();
  return measured(started, before, count);
}

function measured(started, before, operations) {
  const ns = (performance.now() - started) * 1e6;
  if (calledWith - before !== operations) throw new Error('some calls did not happen');
  return { ns, operations };
}

export function report({ alone }) {
  const reference = (id) => alone[`${id.slice(0, id.lastIndexOf('/'))}/start-active`];
  const rows = groups.flat().map((id) => {
    const [manager, provider, body, caller] = id.split('/');
    const times = caller === 'start-active' ? '1' : ratioWithSpread(ratios(alone[id], reference(id)));
    return [managerNames[manager], provider, body, callers[caller], withSpread(alone[id]), times];
  });
  const targetOf = (setting, body) => {
    const id = `${setting}/${body}/with-otel-span`;
    return target(
      `\`withOtelSpan\` / \`startActiveSpan\`, tracing off, manager: ${managerNames[setting.split('/')[0]]}, ${body}`,
      ratios(alone[id], reference(id)),
      1.2,
    );
  };
  return {
    title: 'Tracing off',
    text: [
      'Time a call of a function that counts, or of an async function that counts, in which case the call is awaited.',
      'Tracing is off where no provider is registered; the lines where it is on are for information, with a provider',
      'that records every span and exports none. `startActiveSpan` calls the same function with `span.end()` in it.',
    ].join('\n'),
    head: ['manager', 'tracing', 'function', 'called by', 'ns a call', '× `startActiveSpan`'],
    rows,
    targets: ['none/off', 'als/off'].flatMap((setting) =>
      ['sync', 'async'].map((body) => targetOf(setting, body)),
    ),
  };
}
