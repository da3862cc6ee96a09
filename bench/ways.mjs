// The ways of keeping what is active across promises that a browser has. A realm knows one only, and each is told the
// same: `enter(fn)` calls `fn` with a span active, `active()` is the span that is active now, `from(promise)` is what a
// program awaits instead of a promise of the engine, `start()` begins a chain.

/** Of the engine, whatever replaces the global later. */
const EnginePromise = Promise;

export const ways = {
  native: {
    label: 'native promise, nothing kept',
    keepsAwaits: false,
    async prepare() {
      const { StackContextManager } = await import('@opentelemetry/sdk-trace-web');
      return usingManager(new StackContextManager());
    },
  },
  als: {
    label: 'native promise, AsyncLocalStorage manager',
    keepsAwaits: true,
    async prepare() {
      const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks');
      return usingManager(new AsyncLocalStorageContextManager());
    },
  },
  default: {
    label: 'this library, default',
    keepsAwaits: true,
    prepare: () => usingLibrary({}),
  },
  fast: {
    label: 'this library, `asyncStackTraces: false`',
    keepsAwaits: true,
    prepare: () => usingLibrary({ asyncStackTraces: false }),
  },
  zone: {
    label: 'zone.js, async functions compiled to ES2015',
    keepsAwaits: true,
    lowered: true,
    async prepare() {
      await import('zone.js'); // before anything else
      const { ZoneContextManager } = await import('@opentelemetry/context-zone-peer-dep');
      const ZonePromise = Promise;
      return {
        ...(await usingManager(new ZoneContextManager())),
        start: () => ZonePromise.resolve(0),
      };
    },
  },
  dexie: {
    label: 'Dexie, a zone of its promises',
    keepsAwaits: true,
    async prepare() {
      const { Dexie } = await import('dexie');
      Dexie.debug = false; // on at addresses of the loopback, for longer stack traces
      const { Promise: DexiePromise } = Dexie;
      const span = {};
      return {
        span,
        enter: (fn) => DexiePromise.newPSD(fn, { span }),
        active: () => DexiePromise.PSD.span,
        from: (promise) => DexiePromise.resolve(promise),
        start: () => DexiePromise.resolve(0),
      };
    },
  },
};

async function usingManager(manager) {
  const { context, ROOT_CONTEXT, trace } = await import('@opentelemetry/api');
  const { BasicTracerProvider } = await import('@opentelemetry/sdk-trace-base');
  context.setGlobalContextManager(manager.enable());
  const span = new BasicTracerProvider().getTracer('bench').startSpan('awaits');
  const withSpan = trace.setSpan(ROOT_CONTEXT, span);
  return {
    span,
    enter: (fn) => context.with(withSpan, fn),
    active: () => trace.getActiveSpan(),
    from: (promise) => promise,
    start: () => EnginePromise.resolve(0),
  };
}

async function usingLibrary(options) {
  const { DomainContextManager, DomainPromise, withOtelPromiseDomain } = await import('otel-promise-domain');
  const { enter, ...rest } = await usingManager(new DomainContextManager(options));
  return {
    ...rest,
    enter: (fn) => enter(() => withOtelPromiseDomain(fn)),
    from: (promise) => DomainPromise.from(promise),
    start: () => DomainPromise.resolve(0),
  };
}

/** Calls `fn` by `enter`, and passes on what the promise it returns settles with to who knows nothing of zones. */
export function outcome(enter, fn) {
  return new EnginePromise((resolve, reject) => {
    enter(() => {
      fn().then(resolve, reject);
    });
  });
}
