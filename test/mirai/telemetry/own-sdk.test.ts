import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';
import { pathOf } from './support.js';

const engines = ['threads', 'processes'] as const;

/** Runs the program, and returns the spans of the host and those of daemons that have an SDK of their own. */
function run(engine: string, options: { node?: string[]; args?: string[]; env?: Record<string, string> }) {
  const { node = [], args = [], env = {} } = options;
  return new Promise<{ host: string[]; own: string[]; output: string }>((resolve, reject) => {
    const command = [...node, pathOf('run-tasks.mjs'), engine, ...args];
    execFile(process.execPath, command, { env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      if (error) return reject(new Error(`${error.message}\n${stderr}`));
      const lines = `${stdout}\n${stderr}`.split('\n');
      const after = (mark: string) =>
        lines.flatMap((line) => line.match(new RegExp(`${mark}: (.*?)(?: \\w+://.*)?\\s*$`))?.[1] ?? []);
      resolve({ host: after('host'), own: after('own SDK').sort(), output: lines.join('\n') });
    });
  });
}

const hosts = ['daemons set', 'mirai', 'daemons reset'];
const own = ['daemon connect', 'daemon disconnect', 'daemon eval', 'inner', 'outer'];

test.each(engines)('%s: a setup module brings the SDK of the daemon', async (engine) => {
  const setup = pathOf('own-sdk.mjs');
  expect(await run(engine, { args: [setup], env: { SDK_OF_DAEMONS: '1' } })).toMatchObject({
    host: hosts,
    own,
  });
});

test('threads: an --import of the host brings the SDK of the daemon', async () => {
  const node = ['--import', pathOf('own-sdk.mjs')];
  expect(await run('threads', { node })).toMatchObject({ host: hosts, own });
});

test('processes: an --import of the host brings the SDK of host and daemon', async () => {
  const node = ['--import', pathOf('own-sdk.mjs')];
  const ran = await run('processes', { node, env: { SDK_OF_ALL: '1' } });
  expect(ran.own).toEqual(expect.arrayContaining(own));
});

test.each(engines)('%s: OTEL_* variables configure the SDK of the daemon', async (engine) => {
  const env = {
    OTEL_TRACES_EXPORTER: 'console',
    OTEL_SERVICE_NAME: 'by-variables',
  };
  const { host, output } = await run(engine, { env });
  expect(host).toEqual(hosts);
  for (const name of own) expect(output).toMatch(new RegExp(`name: '${name}`));
  expect(output).toContain("'service.name': 'by-variables'");
});

test.each([
  { OTEL_TRACES_EXPORTER: 'none' },
  { OTEL_TRACES_EXPORTER: 'console', OTEL_SDK_DISABLED: 'true' },
  {},
])('with %j the spans of daemons go to the host', async (env) => {
  const { host } = await run('threads', { env: env as Record<string, string> });
  expect(host).toEqual([
    'daemons set',
    'daemon connect',
    'mirai',
    'inner',
    'outer',
    'daemon eval',
    'daemon disconnect',
    'daemons reset',
  ]);
});
