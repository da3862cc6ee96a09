// In the place of a daemon: writes down how it was started, says what it is told to, and stays or ends.
import { renameSync, writeFileSync } from 'node:fs';

const [, , file, behaviour, ...argv] = process.argv;
const { env, pid } = process;
writeFileSync(`${file}.new`, JSON.stringify({ argv, env, pid, cwd: process.cwd() }));
renameSync(`${file}.new`, file);
process.stdout.on('error', () => {});
if (behaviour === 'fail') {
  process.stderr.write('no such luck\n');
  process.exitCode = 7;
} else if (behaviour !== 'silent') {
  process.stdout.write('a line of something else\n{"event":1}\n{"event":\nno line {"event":"re');
  setImmediate(() => process.stdout.write(`ady","id":"d-${pid}"}\n`));
}
if (behaviour === 'stay' || behaviour === 'silent') setInterval(() => {}, 1000);
