// Runs the Promises/A+ suite over the built package: outside any domain, and with every test in the handoff domain.
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import runSuite from 'promises-aplus-tests';
import { adapter, prepare, runTestsBy, TESTS, takeReactivations } from './aplus-surroundings.mjs';

// The suite rejects first and handles later, on purpose; with a listener Node does not warn of it.
process.on('rejectionHandled', () => {});

const enter = prepare();
const outside = await conforms('outside any domain', enter.outside);
const inside = await conforms('inside the handoff domain, with an active span', enter.inside);
// Fewer than one a test would mean that the tests did not run in the domain.
const counted = outside.reactivations === 0 && inside.reactivations >= TESTS;
if (!counted) console.error(`expected no reactivations outside, and at least ${TESTS} inside`);
process.exitCode = outside.passed && inside.passed && counted ? 0 : 1;

/** Runs the suite, every test function of it by `enter`. */
async function conforms(title, enter) {
  forgetTests();
  let passes = 0;
  const failures = [];
  /** Called by mocha before the first test. */
  function reporter(runner) {
    runTestsBy(enter, runner.suite);
    runner.on('pass', () => {
      passes += 1;
    });
    runner.on('fail', (test, error) => failures.push(`${test.fullTitle()}\n  ${error.stack ?? error}`));
  }
  await new Promise((done) => runSuite(adapter, { reporter, timeout: 5000 }, done));
  const reactivations = takeReactivations();
  console.log(`${title}: ${passes} of ${TESTS}, ${reactivations} reactivations`);
  for (const failure of failures) console.error(failure);
  return { passed: passes === TESTS && failures.length === 0, reactivations };
}

/** The test files register their tests while they load, so a second run has to load them again. */
function forgetTests() {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve('promises-aplus-tests'));
  for (const file of Object.keys(require.cache)) if (file.startsWith(folder)) delete require.cache[file];
}
