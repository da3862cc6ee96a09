// Runs the Promises/A+ suite, by the mocha that it depends on, outside any domain and with every test in the handoff domain.

import mochaForBrowsers from 'text:mocha';
import suite from 'text:promises-aplus-tests';
import sinon from 'text:sinon';
import {
  adapter,
  prepare,
  runTestsBy,
  TESTS,
  takeReactivations,
} from '../../conformance/aplus-surroundings.mjs';

/** As a script, and so not strict: the suite has tests of functions that are not. */
const evaluateScript = (text) => new Function(text)();

/** Tells of every test of both passes. */
export async function runAplus(tell) {
  evaluateScript(mochaForBrowsers);
  evaluateScript(sinon);
  globalThis.adapter = adapter;
  const enter = prepare();
  await conforms('outside any domain', tell, enter.outside);
  const outside = takeReactivations();
  await conforms('inside the handoff domain', tell, enter.inside);
  const inside = takeReactivations();
  // Fewer than one a test would mean that the tests did not run in the domain.
  if (outside !== 0 || inside < TESTS)
    throw new Error(`reactivations: expected 0 outside (got ${outside}), ${TESTS} inside (got ${inside})`);
}

/** Runs the suite, every test function of it by `enter`. */
async function conforms(title, tell, enter) {
  const { Mocha } = globalThis;
  // As in Node: timers would take longer.
  Mocha.Runner.immediately = globalThis.setImmediate;
  /** Called by mocha before the first test. */
  function reporter(runner) {
    runTestsBy(enter, runner.suite);
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
