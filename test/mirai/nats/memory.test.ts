import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Recent } from '../../../src/mirai/engine/nats/daemon/recent.js';
import { Roster } from '../../../src/mirai/engine/nats/host/roster.js';
import { Seen } from '../../../src/mirai/engine/nats/host/seen.js';
import { SentParts } from '../../../src/mirai/engine/nats/host/sent-parts.js';
import type { Presence } from '../../../src/mirai/engine/nats/wire/from-daemon.js';

describe('what a host knows of daemons that come and go', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  test('their messages are told from new ones as long as they may come again, and forgotten then', () => {
    const seen = new Seen();
    expect([seen.isNew('a', 1), seen.isNew('a', 1), seen.isNew('b', 1)]).toEqual([true, false, true]);
    vi.advanceTimersByTime(200_000);
    expect(seen.isNew('b', 2)).toBe(true);
    vi.advanceTimersByTime(150_000);
    seen.forget();
    expect([seen.size, seen.isNew('b', 1), seen.isNew('b', 2)]).toEqual([1, false, false]);
  });

  test('of one daemon only the last messages are known, in whatever order it counts them', () => {
    const seen = new Seen();
    for (let n = 20_000; n > 0; n--) seen.isNew('a', n);
    expect([seen.isNew('a', 1), seen.isNew('a', 9000), seen.isNew('a', 15_000)]).toEqual([
      false,
      false,
      true,
    ]);
  });

  test('their slots have one origin each while they are there, which is forgotten with them', () => {
    const roster = new Roster();
    const slot = { id: 1, pid: 1, threadId: 1 };
    const presence: Presence = {
      ...{ v: 1, kind: 'presence', daemon: 'a', hostname: 'here', pid: 1, engine: 'threads' },
      ...{ startedAt: '', state: 'here', slots: [{ ...slot, state: 'idle', completed: 0 }] },
    };
    roster.heard(presence);
    const origin = roster.origin('a', slot);
    expect([roster.origin('a', slot) === origin, origin.id]).toEqual([true, 1]);
    roster.remove('a');
    expect(roster.origin('a', slot)).not.toBe(roster.origin('a', slot));
    roster.heard(presence);
    expect(roster.origin('a', slot).id).toBe(2);
  });

  test('their parts of everywhere() are known while one of them is open', () => {
    const sent = new SentParts();
    const ticket = (id: number) => ({ place: 'sent', job: { submission: { id } } });
    // Reason for the cast: nothing else of them is used.
    const tickets = [ticket(1), ticket(2)] as unknown as NonNullable<ReturnType<SentParts['get']>>;
    const [first, second] = tickets;
    sent.add('a', 1, tickets);
    if (first) first.place = 'over';
    expect([sent.get('a', 1), [...sent.open()]]).toEqual([tickets, [['a', [2]]]]);
    if (second) second.place = 'over';
    expect([sent.get('a', 1), [...sent.open()]]).toEqual([undefined, []]);
    sent.add('b', 1, tickets);
    sent.gone('b');
    expect(sent.get('b', 1)).toBe(undefined);
  });
});

test('of more hosts than there is room for, a daemon knows those that were heard of last', () => {
  const recent = new Recent<number>(2);
  recent.set('a', 1);
  recent.set('b', 2);
  expect(recent.get('a')).toBe(1);
  recent.set('c', 3);
  expect([recent.size, recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([2, 1, undefined, 3]);
});
