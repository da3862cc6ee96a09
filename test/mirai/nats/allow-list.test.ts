import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AllowList } from '../../../src/mirai/engine/nats/daemon/allow-list.js';
import { scratchFolder } from '../support/scratch.js';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Two releases and one that is not allowed, with a link that leads to one of them. */
function makeReleases() {
  const folder = scratchFolder();
  const link = join(folder, 'current');
  for (const name of ['allowed', 'allowed/1', 'allowed/2', 'secret']) mkdirSync(join(folder, name));
  for (const name of ['allowed/1', 'allowed/2', 'secret']) writeFileSync(join(folder, name, 'tasks.mjs'), '');
  const list = new AllowList('test', [join(folder, 'allowed')], false);
  const urlOf = (name: string) => pathToFileURL(join(folder, name, 'tasks.mjs')).href;
  return {
    urlOf,
    turnTo(name: string) {
      rmSync(link, { force: true });
      symlinkSync(join(folder, name), link);
    },
    admit: () => list.admit({ kind: 'module', url: urlOf('current'), name: 'run' }),
  };
}

const soon = () => vi.advanceTimersByTime(1000);

test('a module is looked for again after a second: a link to it may lead elsewhere by then', () => {
  const { turnTo, admit, urlOf } = makeReleases();
  turnTo('allowed/1');
  expect(admit()).toMatchObject({ url: urlOf('allowed/1') });
  turnTo('allowed/2');
  soon();
  expect(admit()).toMatchObject({ url: urlOf('allowed/2') });
});

test('what a link leads to that was turned is not run unless it is allowed, and nothing else is meanwhile', () => {
  const { turnTo, admit, urlOf } = makeReleases();
  turnTo('allowed/1');
  admit();
  turnTo('secret');
  expect(admit()).toMatchObject({ url: urlOf('allowed/1') });
  soon();
  expect(admit).toThrow('allow list');
  turnTo('allowed/2');
  expect(admit()).toMatchObject({ url: urlOf('allowed/2') });
});
