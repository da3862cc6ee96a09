// Runs the Promises/A+ suite over the built package: outside any domain, and with every test in the handoff domain.
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { context, trace } from '@opentelemetry/api';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { StackContextManager } from '@opentelemetry/sdk-trace-web';
import { currentPromiseDomain, DomainPromise, withOtelPromiseDomain } from 'otel-promise-domain';
import runSuite from 'promises-aplus-tests';

const TESTS = 872;

const adapter = {
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

// The suite rejects first and handles later, on purpose; with a listener Node does not warn of it.
process.on('rejectionHandled', () => {});

const manager = new CountingContextManager();
context.setGlobalContextManager(manager.enable());
const span = new BasicTracerProvider().getTracer('promises-aplus').startSpan('active in every test');
const active = trace.setSpan(context.active(), span);

const outside = await conforms('outside any domain', (test) => {
  if (currentPromiseDomain()) throw new Error('a domain was left behind');
  return test();
});
const inside = await conforms('inside the handoff domain, with an active span', (test) =>
  manager.start(active, () => withOtelPromiseDomain(test)),
);
// Fewer than one a test would mean that the tests did not run in the domain.
const counted = outside.reactivations === 0 && inside.reactivations >= TESTS;
if (!counted) console.error(`expected no reactivations outside, and at least ${TESTS} inside`);
process.exitCode = outside.passed && inside.passed && counted ? 0 : 1;

/** Runs the suite, every test function of it by `enter`. */
async function conforms(title, enter) {
  forgetTests();
  let passes = 0;
  const failures = [];
  manager.reactivations = 0;
  /** Called by mocha before the first test. */
  function reporter(runner) {
    forEachTest(runner.suite, (test) => {
      const { fn } = test;
      test.fn = function (...args) {
        return enter(() => fn.apply(this, args));
      };
    });
    runner.on('pass', () => {
      passes += 1;
    });
    runner.on('fail', (test, error) => failures.push(`${test.fullTitle()}\n  ${error.stack ?? error}`));
  }
  await new Promise((done) => runSuite(adapter, { reporter, timeout: 5000 }, done));
  const { reactivations } = manager;
  console.log(`${title}: ${passes} of ${TESTS}, ${reactivations} reactivations`);
  for (const failure of failures) console.error(failure);
  return { passed: passes === TESTS && failures.length === 0, reactivations };
}

function forEachTest(suite, visit) {
  suite.tests.forEach(visit);
  for (const inner of suite.suites) forEachTest(inner, visit);
}

/** The test files register their tests while they load, so a second run has to load them again. */
function forgetTests() {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve('promises-aplus-tests'));
  for (const file of Object.keys(require.cache)) if (file.startsWith(folder)) delete require.cache[file];
}
