import { expect, test } from 'vitest';
import { statusText } from '../../src/cli/status-text.js';

const startedAt = '2026-01-01T00:00:00.000Z';
const now = Date.parse(startedAt);
const base = { compute: 'default', server: 'nats://127.0.0.1:4222', queue: undefined, daemons: [] };
const slot = { id: 1, pid: 7, threadId: 1, state: 'idle', completed: 0 } as const;
const daemon = { id: 'abc', hostname: 'node1', pid: 7, engine: 'threads', startedAt, slots: [slot] } as const;

test('statusText() - nothing there yet', () => {
  expect(statusText(base, now)).toBe(
    'profile  default\nserver   nats://127.0.0.1:4222\nqueue    none\ndaemons  0, with 0 slots',
  );
});

test('statusText() - a row for each slot', () => {
  const queue = { waiting: 12, delivered: 3, redelivered: 1, bytes: 1536 };
  const slots = [
    { ...slot, state: 'executing', completed: 1234 },
    { ...slot, id: 2, completed: 5 },
  ] as const;
  const daemons = [
    { ...daemon, slots },
    { ...daemon, id: 'a-longer-id', hostname: 'n2', pid: 12_345, engine: 'processes', slots: [] },
  ] as const;
  expect(statusText({ ...base, queue, daemons }, now + 90_000)).toBe(
    `profile  default
server   nats://127.0.0.1:4222
queue    12 waiting, 3 delivered, 1 redelivered, 1.5 KiB
daemons  2, with 2 slots

daemon       host     pid  engine     up  slot  state      completed
abc          node1      7  threads    1m     1  executing       1234
                                             2  idle               5
a-longer-id  n2     12345  processes  1m`,
  );
});

test('statusText() - one slot', () => {
  expect(statusText({ ...base, daemons: [daemon] }, now)).toContain('daemons  1, with 1 slot\n');
});

test.each([
  [-5, '0s'],
  [59_999, '59s'],
  [60_000, '1m'],
  [3_600_000, '1h'],
  [86_400_000 * 3, '3d'],
])('statusText() - a daemon that is up for %i ms', (elapsed, shown) => {
  expect(statusText({ ...base, daemons: [daemon] }, now + elapsed)).toContain(`threads  ${shown}  `);
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [2 ** 20 * 2.5, '2.5 MiB'],
  [2 ** 50, '1024.0 TiB'],
])('statusText() - %i bytes', (bytes, shown) => {
  const queue = { waiting: 0, delivered: 0, redelivered: 0, bytes };
  expect(statusText({ ...base, queue }, now)).toContain(`redelivered, ${shown}\n`);
});

test('statusText() - what daemons say of themselves cannot steer a terminal', () => {
  const daemons = [{ ...daemon, id: 'a\u001b[2J', hostname: 'b\r\nc\u202e', startedAt: 'never' }];
  const text = statusText({ ...base, daemons }, now);
  expect(text).toContain('\na?[2J   b??c?  ');
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
});
