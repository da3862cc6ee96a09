// Runs the tests of one file in the engine in which it is loaded, and tells of each as soon as it has ended.
import { checkAssertions, forgetAssertions, startTests, takeTouched } from 'vitest';

const config = {
  root: '/',
  setupFiles: [],
  name: undefined,
  passWithNoTests: false,
  testNamePattern: undefined,
  allowOnly: false,
  sequence: { shuffle: false, concurrent: false, seed: 1, hooks: 'stack', setupFiles: 'list' },
  chaiConfig: undefined,
  maxConcurrency: 5,
  // No test measures time: more than vitest gives, for several engines share the processors.
  testTimeout: 30_000,
  hookTimeout: 30_000,
  retry: 0,
  includeTaskLocation: false,
  diffOptions: undefined,
  tags: [],
  tagsFilter: undefined,
  strictTags: false,
};

// Tests may put others in their place.
const { setTimeout } = globalThis;

/**
 * Runs what `load` brings, a test file or the Promises/A+ suite (`name` is `aplus`), with all that goes astray meanwhile.
 *
 * @param {() => void} prepareAplus - called before the suite is loaded
 */
export async function runTask(name, load, tell, prepareAplus = () => {}) {
  const tellOfStray = (what) => (error) =>
    tell({ title: `(${what})`, state: 'fail', errors: [describeError(error)] });
  if (name === 'aplus') {
    // The suite rejects first and handles later, on purpose; mocha finds out which test an uncaught error is of.
    prepareAplus();
    const { runAplus } = await load();
    await runAplus(tell).catch(tellOfStray('the suite'));
  } else {
    process.on('unhandledRejection', tellOfStray('unhandled rejection'));
    process.on('uncaughtException', tellOfStray('uncaught exception'));
    await runFile(name, load, tell);
    // What nobody handled is told of by the time of a later timer.
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  tell({ end: true });
}

/**
 * @param {string} name - by which the file is known in the report
 * @param {() => Promise<unknown>} load - evaluates the file, which registers its tests
 * @param {(event: object) => void} tell - takes `{ title, state, errors }` of a test, and at last `{ end: true }`
 */
async function runFile(name, load, tell) {
  let touchedInLoading;
  const told = new Set();
  const tellOf = (test) => {
    if (told.has(test)) return;
    told.add(test);
    const touched = takeTouched();
    const state = touched ? 'left out' : (test.result?.state ?? test.mode);
    const errors = touched ? [] : (test.result?.errors ?? []).map(describeError);
    tell({ title: titleOf(test), state, errors, reason: touched ?? 'leaves itself out' });
  };
  const runner = {
    config,
    pool: 'engines',
    async importFile() {
      try {
        await load();
      } finally {
        touchedInLoading = takeTouched();
      }
    },
    onBeforeTryTask: (test) => forgetAssertions(titleOf(test)),
    onAfterTryTask: checkAssertions,
    onAfterRunTask: tellOf,
  };
  const [file] = await startTests([`/${name}`], runner);
  if (touchedInLoading) tell({ title: '', state: 'left out', errors: [], reason: touchedInLoading });
  else {
    for (const test of testsOf(file)) tellOf(test);
    for (const suite of [file, ...suitesOf(file)]) {
      for (const error of suite.result?.errors ?? [])
        tell({ title: titleOf(suite) || '(the file itself)', state: 'fail', errors: [describeError(error)] });
    }
  }
}

/** An error in a form that can be sent. */
function describeError(error) {
  const name = error?.name ?? 'Error';
  const message = error?.message ?? String(error);
  const cause = error?.cause && describeError(error.cause);
  return {
    message: `${name}: ${message}`,
    stack: String(error?.stack ?? ''),
    diff: [error?.diff, cause && `Cause: ${cause.message}\n${cause.diff}`].filter(Boolean).join('\n'),
  };
}

function titleOf(task) {
  const names = [];
  for (let at = task; at && at !== at.file; at = at.suite) names.unshift(at.name);
  return names.join(' > ');
}

function suitesOf(suite) {
  return suite.tasks.filter(({ type }) => type === 'suite').flatMap((inner) => [inner, ...suitesOf(inner)]);
}

function testsOf(suite) {
  return suite.tasks.flatMap((task) => (task.type === 'suite' ? testsOf(task) : [task]));
}
