import { setImmediate } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import type { Ticket } from '../../../src/mirai/dispatcher/job.js';
import { TaskFlights } from '../../../src/mirai/engine/nats/host/task-flights.js';
import type { PendingTask } from '../../../src/mirai/host/pending-task.js';

type Parts = ConstructorParameters<typeof TaskFlights>[0];

/** Sends a durable task that was put into the stream so often before. @returns how often it was looked for and sent */
async function send(
  attempts: number,
  settle: () => Promise<boolean>,
): Promise<[looked: number, sent: number]> {
  const message = { bytes: new Uint8Array(), trace: undefined, large: undefined };
  const session = {
    messages: { ofTask: () => message },
    route: { send: vi.fn() },
    kept: { settle: vi.fn(settle) },
  };
  // Reason for the casts: that is what is used of them.
  const flights = new TaskFlights({ session: () => session, circumstances: () => ({}) } as unknown as Parts);
  const job = { submission: { id: 1, kept: { key: 'key', once: false } } };
  const flight = flights.add({ job } as unknown as Ticket<PendingTask>);
  flight.attempts = attempts;
  flights.send(flight);
  await setImmediate(); // all that is ready is done then
  return [session.kept.settle.mock.calls.length, session.route.send.mock.calls.length];
}

describe('a durable task', () => {
  test('is sent at first without a look for its result', async () => {
    expect(await send(0, async () => true)).toEqual([0, 1]);
  });

  test('that has vanished from the stream is not sent again where its result is kept', async () => {
    expect(await send(1, async () => true)).toEqual([1, 0]);
  });

  test('that has vanished is sent again where no result is kept', async () => {
    expect(await send(1, async () => false)).toEqual([1, 1]);
  });

  test('that has vanished is sent again where its result cannot be looked for', async () => {
    expect(await send(1, () => Promise.reject(new Error('timeout')))).toEqual([1, 1]);
  });
});
