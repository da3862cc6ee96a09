// Takes the place of `vitest` in the engines, which vitest itself does not run in: its own runner, matchers and mocks.
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  addCustomEqualityTesters,
  chai,
  customMatchers,
  GLOBAL_EXPECT,
  getState,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect';
import { getCurrentTest } from '@vitest/runner';
import { fn, restoreAllMocks, spyOn } from '@vitest/spy';
import { reasons } from '../rules.mjs';

export {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  it,
  onTestFailed,
  onTestFinished,
  startTests,
  suite,
  test,
} from '@vitest/runner';

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

function makeExpect() {
  const expect = (value, message) => {
    countAssertion(expect);
    const assertion = chai.expect(value, message);
    const test = getCurrentTest();
    return test ? assertion.withTest(test) : assertion;
  };
  Object.assign(expect, chai.expect, globalThis[ASYMMETRIC_MATCHERS_OBJECT]);
  expect.getState = () => getState(expect);
  expect.setState = (state) => setState(state, expect);
  expect.extend = (matchers) => chai.expect.extend(expect, matchers);
  expect.addEqualityTesters = addCustomEqualityTesters;
  expect.assertions = (expected) => expect.setState({ expectedAssertionsNumber: expected });
  expect.hasAssertions = () => expect.setState({ isExpectingAssertions: true });
  expect.addSnapshotSerializer = () => {};
  expect.unreachable = (message = 'expected not to be reached') => chai.assert.fail(message);
  return expect;
}

function countAssertion(expect) {
  expect.setState({ assertionCalls: (expect.getState().assertionCalls ?? 0) + 1 });
}

/** The `expect` of vitest, but for snapshots and polling. */
export const expect = makeExpect();
Object.defineProperty(globalThis, GLOBAL_EXPECT, { value: expect, writable: true, configurable: true });
expect.setState({ assertionCalls: 0 });
expect.extend(customMatchers);
expect.extend({ toMatchInlineSnapshot: () => leftOut(reasons.snapshots)() });

/** Types are checked while the tests are compiled: here whatever is said of them holds. */
export const expectTypeOf = () => ofTypes;
const ofTypes = new Proxy(expectTypeOf, { get: () => ofTypes });

/** Called before each test: `expect.assertions` is about one test. */
export function forgetAssertions(currentTestName) {
  expect.setState({
    assertionCalls: 0,
    isExpectingAssertions: false,
    expectedAssertionsNumber: null,
    currentTestName,
  });
}

/** Called after each test: throws where it made other assertions than it said. */
export function checkAssertions() {
  const { assertionCalls, isExpectingAssertions, expectedAssertionsNumber: expected } = expect.getState();
  if (expected !== null && expected !== assertionCalls)
    throw new Error(`expected ${expected} assertions, but got ${assertionCalls}`);
  if (isExpectingAssertions && assertionCalls === 0) throw new Error('expected any assertion, but got none');
}

const { setTimeout, setInterval, setImmediate } = globalThis;
const realTimers = { setTimeout, setInterval, setImmediate };
const fakeTimers = { setTimeout: () => 0, setInterval: () => 0, setImmediate: () => 0 };

/** What the tests use of `vi`. */
export const vi = {
  fn,
  spyOn,
  restoreAllMocks,
  /** The import that comes after it has been given a second copy of the package while the test was bundled. */
  resetModules() {},
  /** Timers that never end, which is all that the tests use of them. */
  useFakeTimers() {
    Object.assign(globalThis, fakeTimers);
  },
  useRealTimers() {
    Object.assign(globalThis, realTimers);
  },
};

let touched;

/** Stands for what an engine does not have. A test that touches it is left out, for this reason. */
export function leftOut(reason) {
  const touch = () => {
    touched = reason;
    throw new Error(`left out: ${reason}`);
  };
  return new Proxy(function absent() {}, { apply: touch, construct: touch, get: touch });
}

/** The reason for which something has been left out since the last call, `undefined` where nothing was. */
export function takeTouched() {
  const reason = touched;
  touched = undefined;
  return reason;
}
