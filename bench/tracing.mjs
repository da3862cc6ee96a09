// What a process registers before it measures. Managers are process-wide, so a process knows one only.

/** Names of the context managers, as tables show them. */
export const managerNames = {
  none: 'none',
  als: 'AsyncLocalStorage',
  stack: 'stack',
  zone: 'zone.js',
};

const managers = {
  none: () => undefined,
  async als() {
    const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks');
    return new AsyncLocalStorageContextManager();
  },
  async stack() {
    const { StackContextManager } = await import('@opentelemetry/sdk-trace-web');
    return new StackContextManager();
  },
  async zone() {
    await import('zone.js');
    const { ZoneContextManager } = await import('@opentelemetry/context-zone-peer-dep');
    return new ZoneContextManager();
  },
};

const registered = new Map();

/** Registers a context manager; the first call of a process decides, the others must ask for the same. */
export async function startManager(name) {
  if (registered.size > 0 && !registered.has(name)) throw new Error('one context manager a process');
  if (!registered.has(name)) registered.set(name, register(name));
  return registered.get(name);
}

async function register(name) {
  const manager = await managers[name](); // before anything else: zone.js must come first
  const api = await import('@opentelemetry/api');
  if (manager) {
    api.context.setGlobalContextManager(manager.enable());
    // In use from here on, as in a process that traces: an unused AsyncLocalStorage costs its promises nothing.
    api.context.with(api.ROOT_CONTEXT, () => {});
  }
  return api;
}

/** A provider that records every span and exports none. */
export async function startProvider() {
  const { trace } = await import('@opentelemetry/api');
  const { BasicTracerProvider } = await import('@opentelemetry/sdk-trace-base');
  trace.setGlobalTracerProvider(new BasicTracerProvider());
  return trace.getTracer('bench');
}
