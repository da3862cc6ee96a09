// Counts what the tests of one engine came to.
import { knownDifferences, suites } from './rules.mjs';

/** What tests are counted under; the last two are passes of one suite. */
const columns = [...Object.keys(suites), 'aplus outside', 'aplus inside'];

const APLUS_TESTS = 872;

/** A tally of the engine known as `id` in the rules. */
export function makeTally(id) {
  const passed = Object.fromEntries(columns.map((column) => [column, 0]));
  const failures = [];
  const leftOut = new Map();
  const managers = new Set();
  const differences = new Map((knownDifferences[id] ?? []).map((difference) => [difference, 0]));
  const leave = (reason) => leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
  return {
    passed,
    failures,
    leftOut,
    /** The context managers of which tests passed. */
    managers,
    /** Counts one event of a test in `file`, which belongs to `column`. */
    add(column, file, { title, state, errors, reason }) {
      const difference = [...differences.keys()].find((it) => it.file === file && title.includes(it.title));
      if (difference) differences.set(difference, differences.get(difference) + (state === 'fail' ? 1 : 0));
      if (state === 'pass') {
        passed[column] += 1;
        if (file.startsWith('otel/context-managers')) managers.add(title.split(' > ')[0]);
      } else if (state !== 'fail') leave(reason);
      else if (difference) leave(difference.reason);
      else failures.push({ file, title, errors });
    },
    fail(file, message) {
      failures.push({ file, title: '', errors: [{ message, stack: '' }] });
    },
    /** Fails for suites that did not run in full, and for every known difference that is none any more. */
    finish() {
      if (failures.length === 0) {
        for (const column of columns)
          if (passed[column] === 0) this.fail(column, 'no test of the suite has passed');
        for (const column of columns.slice(-2))
          if (passed[column] !== APLUS_TESTS)
            this.fail(column, `${passed[column]} tests have passed, not ${APLUS_TESTS}`);
      }
      for (const [{ file, title, reason }, failed] of differences)
        if (failed === 0) this.fail(file, `"${title}" passes, so this is no known difference: ${reason}`);
    },
  };
}

export function totalOf({ passed }) {
  return Object.values(passed).reduce((sum, count) => sum + count, 0);
}
