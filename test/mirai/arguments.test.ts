import { afterEach, expect, test } from 'vitest';
import { failure } from './support/failure.js';
import * as library from './support/library.js';

// What a caller without types may pass.
type Loose = Record<keyof typeof library, (...args: unknown[]) => unknown>;
const loose = library as unknown as Loose; // cast: wrong arguments are the point
const fn = (value: unknown) => value;
afterEach(async () => {
  await library.daemons(0);
});

const missing = 'file:///no-such-module.mjs';

test.each([
  ['daemons()', 'TypeError', 'daemons: n must be a non-negative integer (got undefined)', []],
  ["daemons('2')", 'TypeError', 'daemons: n must be a non-negative integer (got "2")', ['2']],
  ['daemons(-1)', 'RangeError', 'daemons: n must be a non-negative integer (got -1)', [-1]],
  ['daemons(1.5)', 'RangeError', 'daemons: n must be a non-negative integer (got 1.5)', [1.5]],
  ['daemons(NaN)', 'RangeError', 'daemons: n must be a non-negative integer (got NaN)', [Number.NaN]],
  ['options', 'TypeError', /^daemons: options must be .* \(got 7\)$/, [1, 7]],
  ['compute', 'TypeError', /^daemons: options\.compute must be .* \(got 7\)$/, [1, { compute: 7 }]],
  [
    'engine',
    'TypeError',
    /^daemons: options\.engine must be .* \(got "fibers"\)$/,
    [1, { engine: 'fibers' }],
  ],
  ['dispatcher', 'TypeError', /^daemons: options\.dispatcher must be a boolean/, [1, { dispatcher: 1 }]],
  ['memory', '', /^daemons: options\.memory must be .* \(got -1\)$/, [1, { memory: -1 }]],
  ['seed', '', /^daemons: options\.seed must be .* \(got 1\.5\)$/, [1, { seed: 1.5 }]],
  ['maxTasks', '', /^daemons: options\.maxTasks must be .* \(got 0\)$/, [1, { maxTasks: 0 }]],
  ['idleTime', '', /^daemons: options\.idleTime must be .* \(got "1"\)$/, [1, { idleTime: '1' }]],
  ['wallTime', '', /^daemons: options\.wallTime must be .* \(got -1\)$/, [1, { wallTime: -1 }]],
  ['cleanup', 'TypeError', /^daemons: options\.cleanup must be a boolean/, [1, { cleanup: 1 }]],
  ['output', 'TypeError', /^daemons: options\.output must be a boolean/, [1, { output: 'yes' }]],
  ['setup', 'TypeError', /^daemons: options\.setup must be .* \(got 7\)$/, [1, { setup: 7 }]],
  ['respawn', 'TypeError', /^daemons: options\.respawn must be a boolean/, [1, { respawn: null }]],
  ['retries', '', /^daemons: options\.retries must be .* \(got -1\)$/, [1, { retries: -1 }]],
  ['grace', '', /^daemons: options\.grace must be .* \(got NaN\)$/, [1, { grace: Number.NaN }]],
  ['spanProcessor', 'TypeError', /^daemons: options\.spanProcessor must be /, [1, { spanProcessor: {} }]],
] as const)('daemons() refuses a wrong %s', async (_, name, message, args) => {
  await expectRefusal(() => loose.daemons(...args), name, message);
  expect(library.daemonsSet()).toBe(false);
});

test.each([
  ['mirai: task must be', () => loose.mirai('add', [])],
  ['mirai: task must be', () => loose.mirai()],
  ['mirai: args must be an array', () => loose.mirai(fn)],
  ['mirai: args must be an array', () => loose.mirai(fn, 7)],
  ['mirai: options must be', () => loose.mirai(fn, [], 7)],
  ['mirai: options.compute must be', () => loose.mirai(fn, [], { compute: 7 })],
  ['mirai: options.timeout must be', () => loose.mirai(fn, [], { timeout: '1' })],
  ['mirai: options.timeout must be', () => loose.mirai(fn, [], { timeout: -1 })],
  ['mirai: options.timeout must be', () => loose.mirai(fn, [], { timeout: Number.NaN })],
  ['mirai: options.signal must be', () => loose.mirai(fn, [], { signal: {} })],
  ['mirai: options.transfer must be', () => loose.mirai(fn, [], { transfer: new ArrayBuffer(1) })],
  ['tryMirai: task must be', () => loose.tryMirai(7, [])],
  ['tryMirai: args must be an array', () => loose.tryMirai(fn, {})],
  ['miraiMap: items must be', () => loose.miraiMap(7, fn)],
  ['miraiMap: items must be', () => loose.miraiMap(undefined, fn)],
  ['miraiMap: task must be', () => loose.miraiMap([], 7)],
  ['miraiMap: options.args must be an array', () => loose.miraiMap([], fn, { args: 7 })],
  ['miraiMap: options.progress must be', () => loose.miraiMap([], fn, { progress: 7 })],
  ['everywhere: task must be', () => loose.everywhere(7, [])],
  ['everywhere: args must be an array', () => loose.everywhere(fn, 7)],
  ['everywhere: options.min must be', () => loose.everywhere(fn, [], { min: -1 })],
  ['importTasks: url must be', () => loose.importTasks('./work.js')],
  ['importTasks: url must be', () => loose.importTasks('work')],
  ['importTasks: url must be', () => loose.importTasks(7)],
  ['raceMirai: list must be', () => loose.raceMirai(7)],
  ['status: compute must be a string', () => loose.status(7)],
  ['daemonsSet: compute must be a string', () => loose.daemonsSet(7)],
  ['requireDaemons: compute must be a string', () => loose.requireDaemons(7)],
  ['withDaemons: daemons must be', () => loose.withDaemons(7, () => {})],
  ['withDaemons: fn must be a function', () => loose.withDaemons('a', 7)],
  ['localDaemons: daemons must be', () => loose.localDaemons(7)],
  ['launchLocal: n must be', () => loose.launchLocal('1')],
  ['launchLocal: n must be', () => loose.launchLocal(-1)],
])('%s (%#)', async (message, start) => {
  await expectRefusal(start, '', message);
});

test('what importTasks() gives is no promise, and knows nothing of the module yet', async () => {
  expect(await library.importTasks(missing)).toBeTypeOf('object');
});

/** `name` is empty where either will do: what is of another type, or out of range. */
async function expectRefusal(start: () => unknown, name: string, message: string | RegExp) {
  const error = await failure(start);
  expect(error instanceof TypeError || error instanceof RangeError, String(error)).toBe(true);
  if (name) expect((error as Error).name).toBe(name); // cast: it is one of the two
  if (typeof message === 'string')
    expect((error as Error).message).toContain(message); // cast: as above
  else expect((error as Error).message).toMatch(message); // cast: as above
}
