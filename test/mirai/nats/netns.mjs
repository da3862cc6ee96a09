// A daemon in a network namespace of its own, whose cable is pulled for longer than the ack wait and put back: `npm run
// test:netns`. Needs Linux, root and `ip` of iproute2. Exits with 1 where a task is lost, settles wrongly or runs too often.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { register } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { daemons, importTasks, mirai, status } from 'otel-promise-domain/mirai';
import { nats } from 'otel-promise-domain/mirai/nats';

register('./support/typescript.mjs', import.meta.url);
const { startNatsServer } = await import('../support/nats-server.ts');
const { countOf } = await import('./support/count-of.ts');
const { isServing, spawnDaemon } = await import('./support/daemon-process.ts');
const { eventually } = await import('./support/eventually.ts');

const name = `mirai${process.pid}`;
const [cable, hostAddress, daemonAddress] = [`${name}a`.slice(-15), '10.213.7.1', '10.213.7.2'];
const folder = mkdtempSync(join(tmpdir(), 'mirai-netns-'));
const notes = join(folder, 'runs');
const lines = () => (existsSync(notes) ? readFileSync(notes, 'utf8').split('\n').slice(0, -1) : []);
const { count } = importTasks(new URL('tasks/counted.mjs', import.meta.url));
const ends = [];

try {
  ip('netns', 'add', name);
  ends.push(() => ip('netns', 'del', name));
  ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'mirai', 'netns', name);
  ip('addr', 'add', `${hostAddress}/30`, 'dev', cable);
  ip('link', 'set', cable, 'up');
  ip('-n', name, 'addr', 'add', `${daemonAddress}/30`, 'dev', 'mirai');
  ip('-n', name, 'link', 'set', 'mirai', 'up');

  const server = await startNatsServer({ host: hostAddress });
  ends.push(() => server.stop());
  const far = await launch({
    url: server.url,
    prefix: ['ip', 'netns', 'exec', name],
  });
  await daemons({ engine: nats({ servers: server.url, ackWait: 1000 }) });
  ends.push(() => daemons(0));

  const held = mirai(count, [notes, 'held', 4000]);
  await eventually(() => lines().length === 1);
  await launch({ url: server.url });
  const load = Array.from({ length: 200 }, (_, n) => mirai(count, [notes, String(n), 20]));

  ip('link', 'set', cable, 'down');
  await eventually(() => lines().filter((line) => line === 'held').length === 2);
  console.log('ok     the task of a daemon whose cable is pulled runs elsewhere');
  await eventually(() => status().daemons.every(({ pid }) => pid !== far.pid));
  console.log('ok     the daemon is no longer seen');
  ip('link', 'set', cable, 'up');

  assert.equal(await held, 'held');
  assert.deepEqual(
    await Promise.all(load),
    load.map((_, n) => String(n)),
  );
  await eventually(() => status().daemons.some(({ pid }) => pid === far.pid));
  console.log('ok     it is back when its cable is');
  await eventually(() => status().daemons.every(({ state }) => state === 'idle'));
  assert.deepEqual(status().mirai, { awaiting: 0, executing: 0, completed: 201, failed: 0 });
  const runs = countOf(lines());
  assert.equal(runs.size, 201);
  assert.ok(Math.max(...runs.values()) <= 2, 'a task ran more than twice');
  console.log('ok     201 tasks settled once; by how often they ran:', countOf([...runs.values()]));
} catch (error) {
  console.error(`FAILED ${error.stack}`);
  process.exitCode = 1;
} finally {
  for (const end of ends.reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
}

async function launch(options) {
  const daemon = spawnDaemon(options);
  ends.push(() => daemon.kill('SIGKILL'));
  await isServing(daemon);
  return daemon;
}

function ip(...args) {
  try {
    execFileSync('ip', args, { stdio: 'pipe' });
  } catch (error) {
    throw new Error(`network namespaces are refused: ip ${args.join(' ')}: ${error.stderr || error.message}`);
  }
}
