import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failure } from '../support/failure.js';
import { everywhere, importTasks, mirai, miraiMap } from '../support/library.js';
import { scratchFolder } from '../support/scratch.js';
import { connectHost } from './support/host.js';
import { startNatsDaemon } from './support/library.js';
import { ownServer } from './support/own.js';

type DaemonOptions = Omit<Parameters<typeof startNatsDaemon>[0], 'servers'>;

interface Module {
  run(): string;
}

const at = (url: string) => importTasks<Module>(url).run;

/** Modules of which some are allowed; whichever is loaded leaves a file. */
function makeModules() {
  const folder = scratchFolder();
  const path = (name: string) => join(folder, name);
  const loaded = (name: string) => existsSync(path(`${name}.loaded`));
  for (const directory of ['allowed', 'allowed/inner', 'allowed-not', 'secret']) mkdirSync(path(directory));
  for (const name of ['allowed/task', 'allowed/inner/task', 'allowed-not/task', 'secret/task', 'single']) {
    writeFileSync(
      path(`${name}.mjs`),
      `import { writeFileSync } from 'node:fs';
      writeFileSync(${JSON.stringify(path(`${name}.loaded`))}, '');
      export const run = () => ${JSON.stringify(name)};`,
    );
  }
  symlinkSync(path('secret/task.mjs'), path('allowed/link.mjs'));
  symlinkSync(path('secret'), path('allowed/directory'));
  symlinkSync(path('allowed/task.mjs'), path('secret/inwards.mjs'));
  return { folder, path, loaded, url: (name: string) => pathToFileURL(path(name)).href };
}

async function start(options: DaemonOptions): Promise<void> {
  const { url: servers } = await ownServer();
  const daemon = await startNatsDaemon({ servers, ...options });
  onTestFinished(() => daemon.leave());
  await connectHost({ servers });
}

async function expectRefused(task: ReturnType<typeof at>): Promise<void> {
  const error = await failure(() => mirai(task, []));
  expect(error).toMatchObject({ name: 'MiraiError', code: 'miraiError' });
  expect(String(error)).toMatch(/allow list|from files|of that name|--modules/);
}

describe('the allow list of a daemon', { timeout: 30_000 }, () => {
  test('takes what is in a directory of it, below it too, and what a link from elsewhere leads to', async () => {
    const { path, url } = makeModules();
    await start({ modules: [path('allowed')] });
    expect(await mirai(at(url('allowed/task.mjs')), [])).toBe('allowed/task');
    expect(await mirai(at(url('allowed/inner/task.mjs')), [])).toBe('allowed/inner/task');
    expect(await mirai(at(url('secret/inwards.mjs')), [])).toBe('allowed/task');
    expect(await mirai(at(`${url('allowed')}/inner/../task.mjs`), [])).toBe('allowed/task');
  });

  test('takes a file of it, and what it names', async () => {
    const { path, url } = makeModules();
    await start({ modules: [path('single.mjs'), `work/it=${path('allowed/task.mjs')}`] });
    expect(await mirai(at(url('single.mjs')), [])).toBe('single');
    expect(await mirai(at('mirai:work/it'), [])).toBe('allowed/task');
    await expectRefused(at('mirai:other'));
    await expectRefused(at('mirai:toString'));
    await expectRefused(at('mirai:__proto__'));
  });

  test.each<[what: string, url: (url: (name: string) => string) => string]>([
    ['a file beside it', (url) => url('secret/task.mjs')],
    ['a directory whose name only begins like it', (url) => url('allowed-not/task.mjs')],
    ['a path that climbs out of it', (url) => `${url('allowed')}/../secret/task.mjs`],
    ['one that climbs in escapes', (url) => `${url('allowed')}/%2e%2e/secret/task.mjs`],
    ['one with an escaped slash', (url) => `${url('allowed')}/..%2Fsecret%2Ftask.mjs`],
    ['one with an escaped zero', (url) => `${url('allowed')}/task.mjs%00.mjs`],
    ['a link that leads out of it', (url) => url('allowed/link.mjs')],
    ['a file in a directory that a link leads to', (url) => url('allowed/directory/task.mjs')],
    ['the directory itself', (url) => url('allowed')],
    ['what is not there', (url) => url('secret/nothing.mjs')],
    ['a module of Node', () => 'node:child_process'],
    ['a module of Node without its scheme', () => 'file:child_process'],
    ['data', () => 'data:text/javascript,export const run = () => 1'],
    ['HTTP', () => 'http://127.0.0.1:1/task.mjs'],
    ['HTTPS', () => 'https://127.0.0.1:1/task.mjs'],
    ['another host', () => 'file://elsewhere/task.mjs'],
    ['an object URL', () => 'blob:nodedata:1'],
  ])('refuses %s, and does not load it', async (_what, make) => {
    const { path, loaded, url } = makeModules();
    await start({ modules: [path('allowed')], allowSource: true });
    await expectRefused(at(make(url)));
    for (const name of ['secret/task', 'allowed-not/task']) expect(loaded(name)).toBe(false);
    expect(await mirai(at(url('allowed/task.mjs')), [])).toBe('allowed/task');
  });

  test.each(['constructor', 'valueOf', '__defineGetter__', 'inherited'])(
    'gives of a module no %s that it only inherits',
    async (name) => {
      const { path, url } = makeModules();
      const parts = 'const made = { run: () => 1 }; Object.setPrototypeOf(made, { inherited: () => 2 });';
      writeFileSync(path('allowed/common.cjs'), `${parts} module.exports = Object(made);`);
      await start({ modules: [path('allowed')] });
      const common = importTasks<Record<string, () => unknown>>(url('allowed/common.cjs'));
      const [own, other] = [common.run, common[name]];
      if (!own || !other) throw new Error('each name gives a task');
      expect(await failure(() => mirai(other, []))).toMatchObject({
        code: 'miraiError',
        message: expect.stringContaining('has no export'),
      });
      expect(await mirai(own, [])).toBe(1);
    },
  );

  test('is empty unless something is given', async () => {
    const { url, loaded } = makeModules();
    await start({});
    await expectRefused(at(url('allowed/task.mjs')));
    expect(loaded('allowed/task')).toBe(false);
  });

  test('does not start a daemon when it names what is not there', async () => {
    const { path } = makeModules();
    const { url: servers } = await ownServer();
    const error = await failure(() => startNatsDaemon({ servers, modules: [path('nothing')] }));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain('nothing');
  });
});

describe('the source of a function', { timeout: 30_000 }, () => {
  test('is refused without allowSource, whichever way it comes', async () => {
    const { path, url } = makeModules();
    await start({ modules: [path('allowed')] });
    for (const run of [
      () => mirai(() => 1, []),
      () => miraiMap([1], () => 1),
      () => everywhere(() => 1, []),
    ]) {
      const error = await failure(run);
      expect(error).toMatchObject({ code: 'miraiError' });
      expect(String(error)).toContain('source');
    }
    expect(await mirai(at(url('allowed/task.mjs')), [])).toBe('allowed/task');
  });

  test('runs with allowSource', async () => {
    await start({ allowSource: true });
    expect(await mirai((a: number, b: number) => a + b, [1, 2])).toBe(3);
  });
});
