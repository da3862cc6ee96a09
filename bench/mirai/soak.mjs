// Tasks flow through two daemons, one of which crashes every so often. Exits with 1 where a task is lost, is hit by the crash of
// another one, or has a wrong result, and where something is left after the reset.
//   --seconds n        how long: 60
//   --engine name      threads, or processes: there daemons are also killed by SIGKILL, now and then
//   --crash-every ms   100, which leaves processes hardly the time to start
import { parseArgs } from 'node:util';
import { installLibrary } from './library.mjs';
import { processState, shown } from './process-state.mjs';

/** Every so many crashes, one is thrown outside of the task; with processes, one is a SIGKILL. */
const THROWN_EVERY = 4;
const KILLED_EVERY = 5;
/** Enough for daemons to be sent more than they run, and for tasks to wait at the host. */
const IN_FLIGHT = 100;
/** Nothing at all has settled for so long: then what is left is lost. */
const SILENCE_MS = 20_000;

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    engine: { type: 'string', default: 'threads' },
    'crash-every': { type: 'string', default: '100' },
  },
});
const seconds = Number(options.seconds);
const killing = options.engine === 'processes';
installLibrary();
const { DaemonLost, daemons, importTasks, mirai, MiraiError, status } = await import(
  'otel-promise-domain/mirai'
);
const tasks = importTasks(new URL('tasks/soak.mjs', import.meta.url));

const faults = [];
const pending = new Map();
const settled = { double: 0, doubleLater: 0, sum: 0, fail: 0, count: 0, exit: 0, crashLater: 0, killed: 0 };
const counters = new Int32Array(new SharedArrayBuffer(4 * 2 ** 20));
let counted = 0;
let submitted = 0;
let kills = 0;
let lastSettled = performance.now();
let open = true;
let finish;
const finished = new Promise((resolve) => {
  finish = resolve;
});

const submitters = {
  double: (n) => submit('double', tasks.double, [n], ({ value }) => value === 2 * n),
  doubleLater: (n) => submit('doubleLater', tasks.doubleLater, [n, n % 3], ({ value }) => value === 2 * n),
  sum(n) {
    const bytes = new Uint8Array(10_000).fill(n % 256);
    submit('sum', tasks.sum, [bytes], ({ value }) => value === 10_000 * (n % 256));
  },
  fail: (n) =>
    submit('fail', tasks.fail, [n], ({ error }) => error instanceof MiraiError && error.value === n),
  count() {
    const nth = counted++;
    const lap = Math.floor(nth / counters.length);
    submit('count', tasks.count, [counters, nth % counters.length], ({ value }) => value === lap);
  },
};

console.log(`${seconds} s with ${options.engine}`);
process.stderr.write(''); // opens its handle now, not at the first warning
const atStart = await processState();
await daemons(2, { engine: options.engine, retries: 0 });
console.log(`at start: ${shown(await processState())}`);
const end = performance.now() + seconds * 1000;

let crashes = 0;
const crashing = setInterval(crash, Number(options['crash-every']));
const watching = setInterval(watch, 1000);
for (let i = 0; i < IN_FLIGHT; i++) submitNext();
await finished;
clearInterval(crashing);
clearInterval(watching);

const { mirai: tally, connections } = status();
console.log(`${connections} daemons at the end, ${JSON.stringify(tally)}`);
if (tally.awaiting + tally.executing > 0)
  fault(`${tally.awaiting} await and ${tally.executing} run at the end`);
if (tally.completed !== submitted) fault(`${tally.completed} completed of ${submitted}`);
checkCounters();
const atEnd = await processState();
console.log(`at the end: ${shown(atEnd)}`);
expectNoHandles(atEnd, 'with idle daemons');
await daemons(0);
const afterReset = await processState();
console.log(`after reset: ${shown(afterReset)}`);
expectNoHandles(afterReset, 'after the reset');
console.log(
  `${submitted} tasks, ${crashes} crashes, ${kills} of them kills; settled: ${JSON.stringify(settled)}`,
);
for (const line of faults.slice(0, 20)) console.error(line);
console.log(faults.length === 0 ? 'nothing was lost' : `${faults.length} faults`);
if (faults.length > 0) process.exitCode = 1;

function fault(text) {
  faults.push(text);
}

function watch() {
  if (performance.now() - lastSettled < SILENCE_MS) return;
  for (const [id, kind] of pending) fault(`task ${id} (${kind}) never settled`);
  clearInterval(watching);
  finish();
}

/** Keeps as many in flight until the time is over. */
function submitNext() {
  const n = submitted + 1;
  const kinds = ['double', 'double', 'double', 'doubleLater', 'sum', 'fail', killing ? 'double' : 'count'];
  submitters[kinds[n % kinds.length]](n);
}

function submit(kind, task, args, isRight) {
  const id = ++submitted;
  let times = 0;
  pending.set(id, kind);
  const settle = (outcome) => {
    times++;
    lastSettled = performance.now();
    if (times > 1) fault(`task ${id} (${kind}) settled ${times} times`);
    pending.delete(id);
    if (isRight(outcome)) settled[kind]++;
    else if (isKilled(outcome)) settled.killed++;
    else fault(`task ${id} (${kind}): ${outcome.error?.stack ?? outcome.value}`);
    if (performance.now() >= end) open = false;
    if (open && pending.size < IN_FLIGHT) submitNext();
    if (!open && pending.size === 0) finish();
  };
  mirai(task, args).then(
    (value) => settle({ value }),
    (error) => settle({ error }),
  );
}

/** Whether it is what a kill may cause: each of them one task, the one that was running. */
function isKilled({ error }) {
  return error instanceof DaemonLost && settled.killed < kills;
}

function crash() {
  if (!open) return;
  crashes++;
  if (killing && crashes % KILLED_EVERY === 0) {
    const { daemons: there } = status();
    if (there.length === 0) return;
    kills++;
    process.kill(there[crashes % there.length].pid, 'SIGKILL');
    return;
  }
  const kind = crashes % THROWN_EVERY === 0 ? 'crashLater' : 'exit';
  submit(kind, tasks[kind], [], ({ error }) => error instanceof DaemonLost);
}

/** Whatever is more than before the daemons keeps the process alive. */
function expectNoHandles({ handles }, when) {
  for (const [type, count] of Object.entries(handles)) {
    const before = atStart.handles[type] ?? 0;
    if (count > before) fault(`${count} handles of type ${type} ${when}, ${before} before`);
  }
}

/** Each ran once, no less and no more. */
function checkCounters() {
  const full = Math.floor(counted / counters.length);
  counters.forEach((times, at) => {
    const expected = full + (at < counted % counters.length ? 1 : 0);
    if (times !== expected) fault(`counter ${at}: ran ${times} times instead of ${expected}`);
  });
}
