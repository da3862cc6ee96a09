// What the Promises/A+ suite is run with, in Node by its own package and in every engine by the bundle of it.
import { context, trace } from '@opentelemetry/api';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { StackContextManager } from '@opentelemetry/sdk-trace-web';
import { currentPromiseDomain, DomainPromise, withOtelPromiseDomain } from 'otel-promise-domain';

export const TESTS = 872;

export const adapter = {
  resolved: (value) => DomainPromise.resolve(value),
  rejected: (reason) => DomainPromise.reject(reason),
  deferred: () => DomainPromise.withResolvers(),
};

/** Counts the callbacks for which a context was made active again. */
class CountingContextManager extends StackContextManager {
  reactivations = 0;

  with(...args) {
    this.reactivations += 1;
    return super.with(...args);
  }

  /** `with`, not counted. */
  start(...args) {
    return super.with(...args);
  }
}

const manager = new CountingContextManager();

/** Registers the manager, and gives the two passes: each calls every test by `enter`. */
export function prepare() {
  context.setGlobalContextManager(manager.enable());
  const span = new BasicTracerProvider().getTracer('promises-aplus').startSpan('active in every test');
  const active = trace.setSpan(context.active(), span);
  return {
    outside: (test) => {
      if (currentPromiseDomain()) throw new Error('a domain was left behind');
      return test();
    },
    inside: (test) => manager.start(active, () => withOtelPromiseDomain(test)),
  };
}

/** The number of reactivations since this was called last. */
export function takeReactivations() {
  const { reactivations } = manager;
  manager.reactivations = 0;
  return reactivations;
}

/** Has every test of a suite of mocha run by `enter`. */
export function runTestsBy(enter, suite) {
  for (const test of suite.tests) {
    const { fn } = test;
    test.fn = function (...args) {
      return enter(() => fn.apply(this, args));
    };
  }
  for (const inner of suite.suites) runTestsBy(enter, inner);
}
