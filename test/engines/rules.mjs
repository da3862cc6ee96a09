// What runs in the engines and browsers, what does not, and why: the only place that says so.

/** The suites, by the column of the report in which their tests are counted: folders and files of `test/`. */
export const suites = {
  core: ['conformance', 'domain', 'otel', 'properties', 'errors.test.ts'],
  await: ['await'],
  testing: ['testing'],
};

export const reasons = {
  sources: 'compiles the sources, which are not in the package',
  driver: 'needs a database driver of Node',
  streams: 'needs the streams of Node',
  storage: 'needs AsyncLocalStorage',
  process: 'needs the process of Node',
  snapshots: 'needs the snapshots of vitest',
  zone: 'OpenTelemetry 3 has no context manager for zone.js',
};

/**
 * Modules of which an engine has none, by what an import of them ends with: the names that tests import, and the reason
 * for which a test that touches one of them is left out.
 */
export const absentEverywhere = {
  esbuild: { names: ['build', 'buildSync'], reason: reasons.sources },
};

export const absentInBrowsers = {
  '@opentelemetry/context-async-hooks': {
    names: ['AsyncLocalStorageContextManager'],
    reason: reasons.storage,
  },
  '/knex-database.js': { names: ['openDatabase'], reason: reasons.driver },
  '/mongoose-things.js': { names: ['FoundThings', 'Things'], reason: reasons.driver },
  'node:async_hooks': { names: ['AsyncLocalStorage'], reason: reasons.storage },
  'node:process': { names: ['getActiveResourcesInfo', 'nextTick'], reason: reasons.process },
  'node:stream': { names: ['PassThrough', 'Readable'], reason: reasons.streams },
  'node:stream/promises': { names: ['pipeline'], reason: reasons.streams },
  'node:url': { names: ['fileURLToPath'], reason: reasons.sources },
};

export const absentInOpenTelemetry3 = {
  '@opentelemetry/context-zone-peer-dep': { names: ['ZoneContextManager'], reason: reasons.zone },
};

const finallyOfBun =
  'the finally() of Bun is not that of ECMA-262: it takes fewer jobs, and gives then() two functions';

/**
 * Tests that an engine fails for a reason of its own, by a part of their titles. They fail there, or else the command
 * does: a difference that is none any more has to leave this list.
 */
export const knownDifferences = {
  bun: [
    {
      file: 'await/local.test.ts',
      title: 'installed by a function in a list does not count as that of the next one',
      reason: 'Bun leaves the function that awaits out of the stack trace of what its await reads',
    },
    ...[
      'names the functions that one of native promises names',
      'is as the manager wants it from the first await on',
    ].map((title) => ({
      file: 'await/stack-traces.test.ts',
      title,
      reason:
        'Bun has the callers of async functions in its stack traces, and finds them in another way than V8',
    })),
    {
      file: 'conformance/finally.test.ts',
      title: 'makes a promise of what the callback returns by the resolve of its species',
      reason: finallyOfBun,
    },
    {
      file: 'conformance/job-order.test.ts',
      title: 'take the turns of native ones: finally, fulfilled and rejected',
      reason: finallyOfBun,
    },
    {
      file: 'otel/context-managers.test.ts',
      title:
        'AsyncLocalStorageContextManager > .with() > calls a function without a receiver with null as this',
      reason: 'the AsyncLocalStorage of Bun calls with undefined as this where it is given null',
    },
  ],
  firefox: [
    {
      file: 'conformance/constructor.test.ts',
      title: 'is a function of one argument with its own name',
      reason: 'Firefox lists the length and the name of a class after its static members',
    },
  ],
  webkit: [
    {
      file: 'otel/span-iterables.test.ts',
      title: 'stream of the web: its span ends when it has run out or is abandoned',
      reason: 'the ReadableStream of WebKit cannot be iterated',
    },
  ],
};
