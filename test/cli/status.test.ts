import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { natsStatus, startNatsDaemon } from '../mirai/nats/support/library.js';
import { freePort } from '../mirai/support/free-port.js';
import { type NatsServer, startNatsServer } from '../mirai/support/nats-server.js';
import { ended } from '../mirai/support/run-program.js';
import { cli, main, startCli } from './support/cli.js';
import { linesOf } from './support/lines.js';

let server: NatsServer;

beforeAll(async () => {
  server = await startNatsServer();
});

afterAll(() => server?.stop());

async function daemon(compute: string) {
  const running = await startNatsDaemon({ servers: server.url, compute, concurrency: 2 });
  onTestFinished(() => running.leave());
  return running;
}

test('status - a profile that nobody serves', async () => {
  const { code, stdout, stderr } = await cli(['status', '--url', server.url, '--compute', 'nobody']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^profile {2}nobody\nserver {3}\S+\nqueue {4}none\ndaemons {2}0, with 0 slots\n$/);
});

test('status - the queue and the daemons', async () => {
  const { id } = await daemon('table');
  const { stdout } = await cli(['status', '--url', server.url, '--compute', 'table']);
  const lines = stdout.split('\n');
  expect(lines[2]).toBe('queue    0 waiting, 0 delivered, 0 redelivered, 0 B');
  expect(lines[3]).toBe('daemons  1, with 2 slots');
  expect(lines[5]).toMatch(/^daemon +host +pid +engine +up +slot +state +completed$/);
  expect(lines[6]).toMatch(new RegExp(`^${id}  .* ${process.pid}  threads +\\d+s +1  idle +0$`));
  expect(lines[7]).toMatch(/^ +2 {2}idle +0$/);
});

test('status --json - what natsStatus() gives', async () => {
  await daemon('json');
  const { code, stdout } = await cli(['status', '--compute', 'json', '--json'], {
    env: { NATS_URL: server.url },
  });
  expect(code).toBe(0);
  const status = await natsStatus({ servers: server.url, compute: 'json' });
  expect(status.daemons).toHaveLength(1);
  expect(JSON.parse(stdout)).toEqual(status);
});

test('status --watch --json - a line each time, until it is told to end', async () => {
  const child = startCli(['status', '--url', server.url, '--compute', 'lines', '--watch', '1ms', '--json']);
  const end = ended(child);
  const line = linesOf(child.stdout);
  const count = async () => (JSON.parse((await line()) ?? '') as { daemons: unknown[] }).daemons.length; // cast: as above
  expect(await count()).toBe(0);
  await daemon('lines');
  while ((await count()) === 0);
  child.kill('SIGINT');
  expect(await end).toMatchObject({ code: 0, signal: null, stderr: '' });
});

test('status --watch - survives a restart of the server', async () => {
  const own = await startNatsServer();
  onTestFinished(() => own.stop());
  const child = startCli(['status', '--url', own.url, '--watch', '1ms']);
  const line = linesOf(child.stdout);
  const next = async (start: string) => {
    for (;;) {
      const text = await line();
      if (text === undefined || text.startsWith(start)) return text;
    }
  };
  expect(await next('profile')).toBe('profile  default');
  await own.kill('SIGKILL');
  // The last that was seen stays to be seen.
  expect(await next('no answer')).toMatch(/^no answer for \d+s: NATS at .* cannot be used: /);
  expect(await next('profile')).toBe('profile  default');
  expect(await next('no answer')).toBeDefined();
  await own.restart();
  // One without a complaint, which would be after an empty line.
  for (let block = '', before = ''; !(block === 'profile  default' && before === block); ) {
    before = block;
    block = (await line()) ?? '';
    for (let text = block; text; text = (await line()) ?? '');
  }
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('status --watch --json - says on stderr that there is no answer', async () => {
  const own = await startNatsServer();
  onTestFinished(() => own.stop());
  const child = startCli(['status', '--url', own.url, '--watch', '1ms', '--json']);
  const complaint = linesOf(child.stderr);
  await once(child.stdout, 'data');
  await own.kill('SIGKILL');
  expect(await complaint()).toMatch(/^warning: no answer for \d+s: NATS at /);
  await own.restart();
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('status --watch - ends when nobody reads it any more', async () => {
  const child = startCli(['status', '--url', server.url, '--watch', '1ms']);
  const exit = once(child, 'exit');
  await once(child.stdout, 'data');
  child.stdout.destroy();
  expect(await exit).toEqual([0, null]);
});

test('status --watch - in its place on a terminal', async () => {
  // `script` of util-linux gives it one; its input has to stay open.
  const command = `stty rows 24 columns 100; exec '${process.execPath}' '${main}' status --url ${server.url} --compute terminal --watch 1ms`;
  const child = spawn('/usr/bin/script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let written = '';
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (piece) => {
      written += String(piece);
      if (written.split('profile').length > 3) resolve();
    });
  });
  const up = '\u001b[4A\u001b[0J';
  expect(written).toContain(`with 0 slots\r\n`);
  expect(written).toContain(up);
  expect(written.split(up).length).toBeGreaterThan(2);
  child.stdin.write('\u0003');
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
});

test('status - no server', async () => {
  const port = await freePort();
  for (const args of [[], ['--watch'], ['--json']]) {
    const { code, stdout, stderr } = await cli(['status', '--url', `nats://127.0.0.1:${port}`, ...args]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^error: NATS at nats:\/\/127\.0\.0\.1:\d+ cannot be used: /);
  }
});
