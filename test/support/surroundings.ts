import { context, trace } from '@opentelemetry/api';
import { StackContextManager } from '@opentelemetry/sdk-trace-web';
import { type PromiseDomain, withOtelPromiseDomain, withPromiseDomain } from '../../src/index.js';
import { startTracing } from './tracing.js';

type Enter = <R>(program: () => R) => R;

const hooks: PromiseDomain = {
  wrapOnFulfilled: (callback) => (value) => callback(value),
  wrapOnRejected: (callback) => (reason) => callback(reason),
};

/** The places in which a promise must behave as the specification says, by the names that test titles show. */
export const surroundings = [
  ['outside any domain', (program) => program()],
  ['in a domain of hooks', (program) => withPromiseDomain(hooks, program)],
  [
    'in a domain with a hook for finally',
    (program) => withPromiseDomain({ ...hooks, wrapOnFinally: (callback) => () => callback() }, program),
  ],
  ['in the handoff domain with nothing active', (program) => withOtelPromiseDomain(program)],
  [
    'in the handoff domain with an active span',
    (program) => {
      const span = startTracing(new StackContextManager()).tracer.startSpan('active');
      return context.with(trace.setSpan(context.active(), span), () => withOtelPromiseDomain(program));
    },
  ],
] as const satisfies [string, Enter][];
