import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { nats } from '../mirai/nats/support/library.js';
import { daemons, mirai } from '../mirai/support/library.js';
import { type NatsServer, startNatsServer } from '../mirai/support/nats-server.js';
import { ended } from '../mirai/support/run-program.js';
import { scratchFolder } from '../mirai/support/scratch.js';
import { startCli } from './support/cli.js';
import { linesOf } from './support/lines.js';

let server: NatsServer;

beforeAll(async () => {
  server = await startNatsServer();
});

afterAll(() => server?.stop());

function start(compute: string, options: readonly string[] = [], env: Record<string, string> = {}) {
  const child = startCli(
    ['daemon', '--url', server.url, '--compute', compute, '--allow-source', ...options],
    { env },
  );
  return { child, end: ended(child), line: linesOf(child.stdout), complaint: linesOf(child.stderr) };
}

/** Tells the daemons of a profile something that has no meaning. */
async function puzzle(compute: string): Promise<void> {
  const connection = await connect({ servers: server.url });
  onTestFinished(() => connection.close());
  connection.publish(`mirai.${compute}.daemons`, 'no message');
  await connection.flush();
}

test('daemon - says on stderr what it finds odd', async () => {
  const { child, line, complaint, end } = start('odd');
  await line();
  await puzzle('odd');
  expect(await complaint()).toMatch(/^warning: mirai: /);
  child.kill('SIGTERM');
  expect((await end).code).toBe(0);
});

test('daemon - says no more than OTEL_LOG_LEVEL', async () => {
  const { child, line, end } = start('silent', [], { OTEL_LOG_LEVEL: 'error' });
  await line();
  await puzzle('silent');
  child.kill('SIGTERM');
  expect((await end).stderr).toMatch(/^leaving: [^\n]*\n$/);
});

test('daemon - leaves a logger that is there already', async () => {
  const file = join(scratchFolder(), 'logger.cjs');
  const api = createRequire(import.meta.url).resolve('@opentelemetry/api');
  const logger = `const say = (text) => process.stderr.write('mine: ' + text + '\\n');
    require(${JSON.stringify(api)}).diag.setLogger({ error: say, warn: say, info() {}, debug() {}, verbose() {} });`;
  writeFileSync(file, logger);
  const { child, line, complaint } = start('own', [], { NODE_OPTIONS: `--require=${file}` });
  await line();
  await puzzle('own');
  expect(await complaint()).toMatch(/^mine: mirai: /);
  child.kill('SIGTERM');
});

test('daemon --json --output - what tasks write is not among the JSON', async () => {
  const compute = 'spoken';
  const { child, line, end } = start(compute, ['--json', '--output']);
  await line();
  onTestFinished(async () => void (await daemons(0, { compute })));
  await daemons({ engine: nats({ servers: server.url }), compute });
  await mirai(
    () => {
      process.stdout.write('to stdout\n');
      process.stderr.write('to stderr\n');
    },
    [],
    { compute },
  );
  child.kill('SIGTERM');
  const { stdout, stderr } = await end;
  const events = stdout.trim().split('\n');
  expect(events.map((each) => (JSON.parse(each) as { event: string }).event)).toEqual(['ready', 'left']); // cast: --json
  expect(stderr).toMatch(/^\[nats:.*#1\] to stdout$/m);
  expect(stderr).toMatch(/^\[nats:.*#1\] to stderr$/m);
});
