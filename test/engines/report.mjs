// What the commands write on the terminal.
import { stripVTControlCharacters } from 'node:util';
import { suites } from './rules.mjs';
import { totalOf } from './tally.mjs';

/** One line, and then what failed. */
export function printTally(title, tally) {
  const { passed, failures, leftOut } = tally;
  const aplus = `${passed['aplus outside']} + ${passed['aplus inside']}`;
  const counts = Object.keys(suites)
    .map((suite) => `${suite} ${passed[suite]}`)
    .join(', ');
  const left = [...leftOut.values()].reduce((sum, count) => sum + count, 0);
  console.log(`${title}: ${counts}, Promises/A+ ${aplus}, left out ${left}, failed ${failures.length}`);
  for (const [reason, count] of [...leftOut].sort()) console.log(`  left out, ${count}: ${reason}`);
  for (const { file, title: test, errors } of failures) {
    console.error(`  FAILED ${file}${test ? ` > ${test}` : ''}`);
    for (const { message, stack, diff } of errors)
      console.error(indent([message, withoutMessage(stack, message), diff].filter(Boolean).join('\n')));
  }
}

/** The last line of a command, by which it also passes or fails. */
export function printTotal(tallies) {
  const passed = tallies.reduce((sum, tally) => sum + totalOf(tally), 0);
  const failed = tallies.reduce((sum, { failures }) => sum + failures.length, 0);
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

/** The frames alone where the message is repeated before them, as V8 does. */
function withoutMessage(stack = '', message) {
  const at = stack.indexOf(message);
  return at === -1 ? stack : stack.slice(at + message.length).replace(/^\n/, '');
}

function indent(text) {
  return stripVTControlCharacters(text).replace(/^/gm, '    ');
}
