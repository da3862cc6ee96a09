import { type Context, type ContextManager, context, ROOT_CONTEXT } from '@opentelemetry/api';
import {
  type AttachedContext,
  DomainContextManager,
  type DomainContextManagerOptions,
} from 'otel-promise-domain';
import { exactly } from './exactly.js';

const manager = new DomainContextManager({ asyncStackTraces: false });
const asInterface: ContextManager = manager;
context.setGlobalContextManager(asInterface);

exactly<Context>()(manager.active());
exactly<DomainContextManager>()(manager.enable());
exactly<DomainContextManager>()(manager.disable());
exactly<AttachedContext>()(manager.attach(ROOT_CONTEXT));
exactly<number>()(manager.with(ROOT_CONTEXT, (a: string, b: number) => a.length + b, undefined, 'a', 1));
exactly<(a: string) => number>()(manager.bind(ROOT_CONTEXT, (a: string) => a.length));
exactly<{ on: null }>()(manager.bind(undefined, { on: null }));

export const options: DomainContextManagerOptions = { asyncStackTraces: undefined };

// @ts-expect-error wrong option
new DomainContextManager({ asyncStackTraces: 'no' });
// @ts-expect-error the function takes a string
manager.with(ROOT_CONTEXT, (a: string) => a, undefined, 1);
// @ts-expect-error no context
manager.attach();
