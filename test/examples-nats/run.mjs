// Runs examples/nats: the picture must be drawn, the strip of the killed daemon elsewhere, the printed trace must be complete,
// and everything must have ended.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readTrace } from '../examples-mirai/trace.mjs';

const program = fileURLToPath(new URL('../../examples/nats/main.mjs', import.meta.url));
const DEADLINE = 60_000;
const [STRIPS, FATAL] = [8, 5];

if (!existsSync(new URL('../../dist/mirai/nats.js', import.meta.url))) {
  console.error('Something is missing, run this first: npm run build');
  process.exit(1);
}

const { status, signal, stdout, stderr } = run(process.env.PATH);
const faults = [
  ...(signal ? [`it did not end by itself: ${signal}`] : []),
  ...(status === 0 ? [] : [`the exit code is ${status}`]),
  ...(stderr === '' ? [] : [`something is on stderr: ${JSON.stringify(stderr)}`]),
  ...faultsOf(stdout),
  ...faultsWithoutServer(),
];
for (const fault of faults) console.error(`FAILED  ${fault}`);
if (faults.length > 0) console.error(stdout);
else console.log('ok      examples/nats: the picture is drawn, the trace is complete, everything has ended');
process.exitCode = faults.length > 0 ? 1 : 0;

function run(PATH) {
  return spawnSync(process.execPath, [program], {
    encoding: 'utf8',
    env: { ...process.env, PATH, NO_COLOR: undefined, FORCE_COLOR: undefined },
    timeout: DEADLINE,
  });
}

function* faultsOf(output) {
  const pids = [...output.matchAll(/^daemon \d is process (\d+)$/gm)].map(([, pid]) => Number(pid));
  if (pids.length !== 3) yield `${pids.length} daemons were started`;
  for (const pid of pids) if (isAlive(pid)) yield `process ${pid} has not ended`;

  const killed = new RegExp(`^daemon (\\d) begins strip ${FATAL}, and is killed$`, 'm').exec(output)?.[1];
  const other = /^daemon (\d) begins it once more$/m.exec(output)?.[1];
  if (!killed || !other || killed === other) yield `daemon ${killed} was killed, and ${other} went on`;

  const picture = /once more\n\n([\s\S]*)\n\nspan /.exec(output)?.[1]?.split('\n') ?? [];
  if (picture.length !== 24 || !picture[11]?.includes('@@@@')) yield 'the picture is not drawn';
  yield* faultsOfTrace(readTrace(output), killed, other);
}

function* faultsOfTrace({ found, roots, aligned, colored }, killed, other) {
  if (!found || !aligned) yield 'there is no table';
  if (colored) yield 'there are escape sequences, where no terminal is';
  const [url] = /nats:\/\/127\.0\.0\.1:\d+\/default$/.exec(roots[0]?.name) ?? [];
  const around = (name) => roots.filter((row) => row.name === `${name} ${url}`);
  for (const [name, count] of [
    ['daemons set', 1],
    ['daemon connect', 3],
    ['daemons reset', 1],
    ['daemon disconnect', 3],
  ]) {
    if (around(name).length !== count) yield `${around(name).length} times ${name}`;
  }
  for (const { daemon, links, line } of around('daemon disconnect')) {
    const end = daemon === killed ? '  ✗ daemonLost' : '';
    if (links !== `→ daemon connect ${daemon}${end}`) yield `wrong: ${line}`;
  }
  const maps = roots.filter(({ name }) => name === 'mirai_map');
  const tasks = maps.flatMap(({ children }) => children);
  if (maps.length !== 1 || tasks.length !== STRIPS) yield `${maps.length} maps of ${tasks.length} tasks`;
  for (const [index, task] of tasks.entries()) {
    const [evaluation, ...more] = task.children;
    const inside = evaluation?.children.map(({ name }) => name).join();
    if (
      evaluation?.name !== 'daemon eval' ||
      more.length > 0 ||
      inside !== 'iterate,shade' ||
      !evaluation.waited
    )
      yield `wrong: ${task.line}`;
    if (index + 1 === FATAL && evaluation?.daemon !== other)
      yield `not of daemon ${other}: ${evaluation?.line}`;
  }
}

function* faultsWithoutServer() {
  const { status, stderr } = run('/nowhere');
  if (status !== 1 || !/^ {2}apt-get .* install .* nats-server$/m.test(stderr))
    yield `without nats-server: exit code ${status}, ${stderr}`;
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
