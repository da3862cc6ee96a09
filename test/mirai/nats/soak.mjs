// Many tasks and random faults: servers, daemons and networks fail all the time. Exits with 1 where a task is lost, settles
// wrongly, or where one ran more often than it may. Prints how often tasks have run.
//   --tasks n             10000, submitted at once
//   --delivery name       at-least-once, or at-most-once: there tasks may reject with DaemonLost, and none runs twice
//   --faults a,b,...      server, kill, stop, daemon-network, host-network; all of them when not given
//   --every ms            mean time between two faults: 400
//   --seed n              of the faults
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { register } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { daemons, importTasks, mirai, status } from 'otel-promise-domain/mirai';
import { nats } from 'otel-promise-domain/mirai/nats';

register('./support/typescript.mjs', import.meta.url);
const { startNatsServer } = await import('../support/nats-server.ts');
const { startProxy } = await import('./support/proxy.ts');
const { isServing, permissive, spawnDaemon } = await import('./support/daemon-process.ts');
const { makeRandom } = await import('./support/random.ts');
const { countOf } = await import('./support/count-of.ts');

const { values: options } = parseArgs({
  options: {
    tasks: { type: 'string', default: '10000' },
    delivery: { type: 'string', default: 'at-least-once' },
    faults: { type: 'string', default: 'server,kill,stop,daemon-network,host-network' },
    every: { type: 'string', default: '400' },
    seed: { type: 'string', default: '1' },
  },
});
/** Nothing at all has settled for so long: then what is left is lost. */
const SILENCE_MS = 60_000;
const ACK_WAIT = 1000;
const DELIVERIES = 50;

const n = Number(options.tasks);
const random = makeRandom(Number(options.seed));
const pick = (list) => list[Math.floor(random() * list.length)];
const folder = mkdtempSync(join(tmpdir(), 'mirai-soak-'));
const path = join(folder, 'runs');
const { count } = importTasks(new URL('tasks/counted.mjs', import.meta.url));

const server = await startNatsServer();
const hostProxy = await startProxy(server.port);
const daemonProxy = await startProxy(server.port);
const running = [];
for (const by of [server, server, daemonProxy]) {
  const { daemon } = launch(by);
  await isServing(daemon);
}
await daemons({
  engine: nats({
    servers: hostProxy.url,
    ackWait: ACK_WAIT,
    deliveries: DELIVERIES,
    delivery: options.delivery,
  }),
});

const outcomes = new Array(n);
let settled = 0;
let lastSettled = performance.now();
const start = performance.now();
for (let index = 0; index < n; index++) {
  const settle = (outcome) => {
    settled += 1;
    lastSettled = performance.now();
    outcomes[index] = outcome;
  };
  mirai(count, [path, String(index), index % 10 ? 0 : 20]).then(settle, settle);
}

/** How long something is away: sometimes less than the ack wait, sometimes more. */
const away = () => delay(random() * 2.5 * ACK_WAIT);
const faults = {
  async server() {
    await server.kill(pick(['SIGTERM', 'SIGKILL']));
    await delay(random() * 500);
    await server.restart();
  },
  async kill() {
    const victim = pick(running);
    running.splice(running.indexOf(victim), 1);
    await victim.daemon.kill('SIGKILL');
    launch(victim.by);
  },
  async stop() {
    const { daemon } = pick(running);
    await daemon.kill('SIGSTOP');
    await away();
    await daemon.kill('SIGCONT');
  },
  'daemon-network': () => breakNetwork(daemonProxy),
  'host-network': () => breakNetwork(hostProxy),
};
const made = {};
const telling = setInterval(tell, 5000);
while (settled < n && performance.now() - lastSettled < SILENCE_MS) {
  await Promise.race([delay(random() * 2 * Number(options.every)), allSettled()]);
  if (settled === n) continue;
  const fault = pick(options.faults.split(','));
  made[fault] = (made[fault] ?? 0) + 1;
  await faults[fault]();
}

clearInterval(telling);
const seconds = ((performance.now() - start) / 1000).toFixed(1);
const wrong = outcomes.filter((outcome, index) => outcome !== undefined && outcome !== String(index));
const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
const runs = countOf(lines);
const distribution = countOf([...runs.values()].sort((a, b) => a - b));
const atMostOnce = options.delivery === 'at-most-once';
const isAllowed = (error) => atMostOnce && error?.code === 'daemonLost';
const tally = status().mirai;
console.log(`${n} tasks, ${options.delivery}, seed ${options.seed}: ${settled} settled in ${seconds} s`);
console.log('faults:', made);
console.log('errors:', Object.fromEntries(countOf(wrong.map((error) => error?.code ?? String(error)))));
console.log('tasks by how often they ran:', { 0: n - runs.size, ...Object.fromEntries(distribution) });
console.log('status:', tally);
const failures = [
  settled < n && `${n - settled} tasks are lost`,
  !wrong.every(isAllowed) && `wrong: ${wrong.filter((error) => !isAllowed(error)).slice(0, 3)}`,
  !atMostOnce && runs.size < n && `${n - runs.size} tasks have settled and never ran`,
  Math.max(...runs.values()) > (atMostOnce ? 1 : DELIVERIES) && 'a task has run too often',
  tally.completed !== n && `status() counts ${tally.completed} tasks`,
].filter(Boolean);
for (const failure of failures) console.error(`FAILED: ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;
hostProxy.mend();
await daemons(0);
await Promise.all(running.map(({ daemon }) => daemon.kill('SIGKILL')));
for (const proxy of [hostProxy, daemonProxy]) proxy.stop();
await server.stop();
rmSync(folder, { recursive: true, force: true });

function tell() {
  const seconds = Math.round((performance.now() - start) / 1000);
  process.stderr.write(`${seconds} s: ${settled} of ${n}, ${JSON.stringify(made)}\n`);
}

function launch(by) {
  const args = [...permissive(), '--concurrency', '2'];
  const each = { daemon: spawnDaemon({ url: by.url, args }), by };
  running.push(each);
  return each;
}

async function breakNetwork(proxy) {
  proxy[pick(['cut', 'stall'])]();
  await away();
  proxy.mend();
}

async function allSettled() {
  while (settled < n) await delay(20);
}
