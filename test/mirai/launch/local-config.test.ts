import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type LocalConfig, localConfig } from '../../../src/mirai/launch/local-config.js';
import { isAlive } from '../support/run-program.js';
import { scratchFolder } from '../support/scratch.js';
import { launch, launchFailure, planned } from './support/launch.js';
import { fakeDaemon } from './support/launched.js';
import { target } from './support/target.js';

const options = '--url nats://10.0.0.5:4222 --compute default';

test('localConfig() - the program of this package', async () => {
  const manifest = createRequire(import.meta.url).resolve('otel-promise-domain/package.json');
  const main = join(dirname(manifest), 'dist', 'cli', 'main.js');
  const line = `${process.execPath} ${main} daemon ${options} --json`;
  expect(await planned(localConfig())).toEqual([line]);
  expect(await planned(localConfig({ n: 2, workdir: '-x y' }))).toEqual(
    Array(2).fill(`cd './-x y' && ${line}`),
  );
});

test('localConfig() - another program', async () => {
  expect(await planned(localConfig({ daemon: { command: ['otel-mirai'] } }))).toEqual([
    `otel-mirai daemon ${options} --json`,
  ]);
});

test('a local daemon - has the secrets in its environment, and nowhere else', async () => {
  const daemon = fakeDaemon();
  const workdir = scratchFolder();
  const config = localConfig({ workdir, daemon: { command: daemon.command } });
  const results = await launch(config, { ...target, environment: { NATS_TOKEN: 'secret' } });
  const { argv, env, pid, cwd } = await daemon.started();
  expect(results).toEqual([
    { state: 'ready', id: `d-${pid}`, output: expect.any(String), command: expect.any(String) },
  ]);
  expect(isAlive(pid)).toBe(true);
  // It leads a group of its own, which an interrupt from the terminal is not for.
  expect(process.kill(-pid, 0)).toBe(true);
  expect(cwd).toBe(workdir);
  expect(env).toMatchObject({ NATS_TOKEN: 'secret', PATH: process.env.PATH });
  expect(JSON.stringify([results, argv])).not.toContain('secret');
});

test('a local daemon - one that fails, and one that is ready and gone', async () => {
  const failing = localConfig({ daemon: { command: fakeDaemon('fail').command } });
  expect(await launchFailure(failing)).toMatch(/ failed with exit code 7: no such luck$/);
  const [result] = await launch(localConfig({ daemon: { command: fakeDaemon('end').command } }));
  expect(result?.state).toBe('ready');
});

test('a local daemon - a command that ends without one', async () => {
  expect(await launchFailure(localConfig({ daemon: { command: ['true'] } }))).toBe(
    `launchRemote: the command true daemon ${options} --json ended before a daemon was ready`,
  );
});

test('a local daemon - in a folder that is not there', async () => {
  const workdir = join(scratchFolder(), 'none');
  expect(await launchFailure(localConfig({ workdir, daemon: { command: ['true'] } }))).toContain(
    `cannot be run: it is not installed, or there is no folder ${workdir}`,
  );
});

test.each<[unknown, string]>([
  [null, ' must be an object (got null)'],
  [{ n: '1' }, '.n must be a positive integer (got "1")'],
  [{ workdir: 1 }, '.workdir must be a string that is not empty (got 1)'],
  [{ daemon: null }, '.daemon must be an object (got null)'],
])('localConfig(%j) throws a TypeError', (config, message) => {
  // cast: it is wrong
  expect(() => localConfig(config as LocalConfig)).toThrow(new TypeError(`localConfig: config${message}`));
});
