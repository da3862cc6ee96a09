import { context, type TracerProvider, trace } from '@opentelemetry/api';
import { contextManager, tracerProvider } from '../otel/context-manager.js';
import { DomainContextManager } from '../otel/domain-context-manager.js';
import { interpose } from './interpose.js';
import { makeTracer } from './make-tracer.js';
import { ownerNow } from './ownership.js';

let own: Promise<TracerProvider> | undefined;

/** The provider that somebody has registered, or the one that is lent. */
export function registeredProvider(): TracerProvider | undefined {
  return lentProvider ?? tracerProvider();
}

/** A provider of the tracing SDK that is installed, one for all recordings. Everything is sampled. */
export function ownProvider(): Promise<TracerProvider> {
  own ??= importProvider();
  own.catch(() => {
    own = undefined;
  });
  return own;
}

async function importProvider(): Promise<TracerProvider> {
  try {
    const { AlwaysOnSampler, BasicTracerProvider } = await import('@opentelemetry/sdk-trace-base');
    return new BasicTracerProvider({ sampler: new AlwaysOnSampler() });
  } catch (cause) {
    try {
      // Its name since version 3.
      const { AlwaysOnSampler, TracerProvider } = await import('@opentelemetry/sdk-trace');
      return new TracerProvider({ sampler: new AlwaysOnSampler() });
    } catch {
      const install = 'npm install --save-dev @opentelemetry/sdk-trace-base';
      const message = `recordTimeline: neither options.tracerProvider nor a tracing SDK is there; run: ${install}`;
      throw new Error(message, { cause });
    }
  }
}

let recordings = 0;
let lent: (() => void)[] = [];
/** The provider that is registered for recordings, where none was. */
let lentProvider: TracerProvider | undefined;

/**
 * Registers what is not registered yet until the returned function is called: `provider`, so that tracers of the global
 * API are recorded too, and a `DomainContextManager`, without which no span is ever active.
 */
export function lend(provider: TracerProvider): () => void {
  recordings += 1;
  if (recordings === 1) {
    if (!contextManager()) lent.push(lendManager());
    if (!tracerProvider()) lent.push(lendProvider(provider));
  }
  return () => {
    recordings -= 1;
    if (recordings > 0) return;
    for (const giveBack of lent) giveBack();
    lent = [];
  };
}

function lendManager(): () => void {
  const manager = new DomainContextManager();
  context.setGlobalContextManager(manager);
  const takeBack = () => {
    if (contextManager() === manager) context.disable();
  };
  return giveWay(context, 'setGlobalContextManager', takeBack);
}

function lendProvider(provider: TracerProvider): () => void {
  lentProvider = provider;
  trace.setGlobalTracerProvider(ofRecordings);
  const registered = tracerProvider();
  const takeBack = () => {
    lentProvider = undefined;
    if (tracerProvider() === registered) trace.disable();
  };
  return giveWay(trace, 'setGlobalTracerProvider', takeBack);
}

/** Has `takeBack` called when the returned function is, or before somebody registers what is to stay. */
function giveWay<O extends object, K extends keyof O>(api: O, register: K, takeBack: () => void): () => void {
  const undo = interpose(api, register, (original) => {
    const registering = (...args: unknown[]) => {
      takeBack();
      return Reflect.apply(original as () => unknown, api, args);
    };
    return registering as O[K]; // casts: it takes and returns what the method does
  });
  return () => {
    undo();
    takeBack();
  };
}

/**
 * Has the spans of each recording started by its own provider. The API keeps the tracers of the first provider that it
 * ever had, so those that it keeps of this one go on with whatever is registered after it.
 */
const ofRecordings: TracerProvider = {
  getTracer(...identity) {
    const provider = () =>
      (lentProvider && ownerNow()?.provider) ?? lentProvider ?? trace.getTracerProvider();
    return makeTracer((name, options, parent) =>
      provider()
        .getTracer(...identity)
        .startSpan(name, options, parent),
    );
  },
};
