import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Attendance } from '../../../src/mirai/engine/nats/host/attendance.js';
import { Roster } from '../../../src/mirai/engine/nats/host/roster.js';
import type { Presence } from '../../../src/mirai/engine/nats/wire/from-daemon.js';

const presence: Presence = {
  v: 1,
  kind: 'presence',
  daemon: 'daemon',
  hostname: 'here',
  pid: 1,
  engine: 'threads',
  startedAt: '2000-01-01T00:00:00.000Z',
  state: 'here',
  slots: [{ id: 1, pid: 1, threadId: 1, state: 'idle', completed: 0 }],
};

/** A host that asks a daemon each second; the test answers for it, and for the server. */
function host() {
  const roster = new Roster();
  const gone: string[] = [];
  const heardSince: number[] = [];
  const asked = vi.fn();
  const pending: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const reception = {
    gone: ({ daemon }: Presence) => void gone.push(daemon),
    lookForUnheard: (since: number) => void heardSince.push(since),
  };
  const epochs = { joined: vi.fn(), gone: vi.fn(), remind: vi.fn() };
  const session = {
    // Reason for the cast: nothing else of it is used.
    inbox: { ask: asked } as unknown as Parts['inbox'],
    hello: vi.fn(),
    hasStream: true,
    reached: () =>
      new Promise<void>((resolve, reject) => {
        pending.push({ resolve, reject });
      }),
  };
  const attendance = new Attendance({
    ...{ roster, epochs, changed: () => undefined },
    reception: () => reception,
    session: () => session,
  });
  attendance.present(presence);
  attendance.start();
  /** A second is over; the server answers unless it is away. */
  const second = async (server: 'there' | 'away' | 'lost' = 'there') => {
    await vi.advanceTimersByTimeAsync(1000);
    if (server === 'away') return;
    for (const { resolve, reject } of pending.splice(0)) server === 'there' ? resolve() : reject(new Error());
    await vi.advanceTimersByTimeAsync(0);
  };
  return { attendance, roster, epochs, asked, gone, heardSince, second };
}

type Parts = NonNullable<ReturnType<ConstructorParameters<typeof Attendance>[0]['session']>>;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a daemon', () => {
  test('is gone that has left three questions without an answer while the server answered', async () => {
    const { gone, second, epochs } = host();
    for (let n = 0; n < 3; n++) await second();
    expect(gone).toEqual([]);
    await second();
    expect(gone).toEqual(['daemon']);
    expect(epochs.gone).toHaveBeenCalledWith('daemon');
  });

  test('that is heard of once in a while stays', async () => {
    const { gone, second, roster } = host();
    for (let n = 0; n < 10; n++) {
      await second();
      if (n % 3 === 2) roster.isAlive('daemon');
    }
    expect(gone).toEqual([]);
  });

  test.each(['away', 'lost'] as const)(
    'is not gone because the server is %s, however long that is',
    async (server) => {
      const { gone, heardSince, second } = host();
      for (let n = 0; n < 20; n++) await second(server);
      if (server === 'away') await second(); // the answer comes after all
      for (let n = 0; n < 3; n++) await second();
      expect(gone).toEqual([]);
      expect(heardSince.every((since) => performance.now() - since < 4500)).toBe(true);
      await second();
      expect(gone).toEqual(['daemon']);
    },
  );

  test('is not gone because its host was busy: what came meanwhile is read first', async () => {
    const { gone, heardSince, second } = host();
    const late = performance.now() + 60_000;
    vi.spyOn(performance, 'now').mockReturnValue(late);
    await second();
    expect([gone, heardSince]).toEqual([[], [late]]);
    vi.restoreAllMocks();
  });
});

test('the server is asked one thing at a time', async () => {
  const { asked, second } = host();
  for (let n = 0; n < 5; n++) await second('away');
  expect(asked).toHaveBeenCalledTimes(1);
  await second();
  await second();
  expect(asked).toHaveBeenCalledTimes(2);
});

test('nothing is judged after the end', async () => {
  const { attendance, gone, second } = host();
  for (let n = 0; n < 3; n++) await second();
  const last = second('away');
  attendance.stop();
  await last;
  await second();
  expect(gone).toEqual([]);
});
