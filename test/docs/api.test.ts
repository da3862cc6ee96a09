import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as core from 'otel-promise-domain';
import * as mirai from 'otel-promise-domain/mirai';
import * as nats from 'otel-promise-domain/mirai/nats';
import { expect, test } from 'vitest';
import { makeProgram } from '../../src/cli/program.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [before = '', ...rest] = readFileSync(`${root}docs/api.md`, 'utf8').split(
  /^(?=## (?:Tasks|Across machines|The command)$)/m,
);

/** What the first cells of the tables of a section hold, without arguments. */
function listed(title: string): string[] {
  const section = rest.find((each) => each.startsWith(`## ${title}\n`)) ?? '';
  const cells = [...section.matchAll(/^\| (`[^|]*) \|/gm)].map(([, cell = '']) => cell);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`(]+)[^`]*`/g)].map(([, name = '']) => name)).sort();
}

/** The names that an entry exports, types too. */
function exported(entry: string): string[] {
  const source = readFileSync(`${root}src/${entry}`, 'utf8');
  const lists = [...source.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].map(([, list = '']) => list);
  const names = lists.flatMap((list) => list.split(',')).map((name) => name.replace('type ', '').trim());
  return names.filter((name) => name !== '').sort();
}

test.each([
  ['Tasks', 'mirai/index.ts', mirai],
  ['Across machines', 'mirai/engine/nats/index.ts', nats],
])('docs/api.md lists under %s every name of the entry, and no other', (title, entry, library) => {
  const names = exported(entry);
  expect(names).toEqual(expect.arrayContaining(Object.keys(library)));
  expect(listed(title)).toEqual(names);
});

test('docs/api.md says something of every name of the core', () => {
  const names = exported('index.ts');
  expect(names).toEqual(expect.arrayContaining(Object.keys(core)));
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(before))).toEqual([]);
});

test('docs/api.md lists every command', () => {
  const commands = makeProgram().commands.flatMap((command) =>
    command.commands.length === 0
      ? [command.name()]
      : command.commands.map((each) => `${command.name()} ${each.name()}`),
  );
  expect(listed('The command')).toEqual(commands.sort());
});
