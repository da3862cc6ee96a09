// Runs the Promises/A+ suite, by the mocha that it depends on, outside any domain and with every test in the handoff domain.

import mochaForBrowsers from 'text:mocha';
import suite from 'text:promises-aplus-tests';
import sinon from 'text:sinon';
import { context, trace } from '@opentelemetry/api';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { StackContextManager } from '@opentelemetry/sdk-trace-web';
import { currentPromiseDomain, DomainPromise, withOtelPromiseDomain } from 'otel-promise-domain';

const TESTS = 872;

/** As a script, and so not strict: the suite has tests of functions that are not. */
const evaluateScript = (text) => new Function(text)();

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

/** Tells of every test of both passes. */
export async function runAplus(tell) {
  evaluateScript(mochaForBrowsers);
  evaluateScript(sinon);
  globalThis.adapter = {
    resolved: (value) => DomainPromise.resolve(value),
    rejected: (reason) => DomainPromise.reject(reason),
    deferred: () => DomainPromise.withResolvers(),
  };
  context.setGlobalContextManager(manager.enable());
  const span = new BasicTracerProvider().getTracer('promises-aplus').startSpan('active in every test');
  const active = trace.setSpan(context.active(), span);

  await conforms('outside any domain', tell, (test) => {
    if (currentPromiseDomain()) throw new Error('a domain was left behind');
    return test();
  });
  const outside = manager.reactivations;
  manager.reactivations = 0;
  await conforms('inside the handoff domain', tell, (test) =>
    manager.start(active, () => withOtelPromiseDomain(test)),
  );
  // Fewer than one a test would mean that the tests did not run in the domain.
  if (outside !== 0 || manager.reactivations < TESTS)
    throw new Error(
      `reactivations: expected 0 outside (got ${outside}), ${TESTS} inside (got ${manager.reactivations})`,
    );
}

/** Runs the suite, every test function of it by `enter`. */
async function conforms(title, tell, enter) {
  const { Mocha } = globalThis;
  // As in Node: timers would take longer.
  Mocha.Runner.immediately = globalThis.setImmediate;
  /** Called by mocha before the first test. */
  function reporter(runner) {
    forEachTest(runner.suite, (test) => {
      const { fn } = test;
      test.fn = function (...args) {
        return enter(() => fn.apply(this, args));
      };
    });
    const tellOf = (test, state, errors) => tell({ title: `${title} > ${test.fullTitle()}`, state, errors });
    runner.on('pass', (test) => tellOf(test, 'pass', []));
    runner.on('fail', (test, { message, stack }) =>
      tellOf(test, 'fail', [{ message, stack: String(stack) }]),
    );
  }
  const mocha = new Mocha({ reporter, timeout: 5000 });
  mocha.suite.emit('pre-require', globalThis, null, mocha);
  evaluateScript(suite);
  // The method of the prototype: that of the instance looks for the address of a page.
  await new Promise((done) => Mocha.prototype.run.call(mocha, done));
}

function forEachTest(of, visit) {
  of.tests.forEach(visit);
  for (const inner of of.suites) forEachTest(inner, visit);
}
