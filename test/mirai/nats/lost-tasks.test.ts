import { type Consumer, type JsMsg, jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Flight, messageIdOf } from '../../../src/mirai/engine/nats/host/flight.js';
import { LostTasks } from '../../../src/mirai/engine/nats/host/lost-tasks.js';
import type { TaskMessage } from '../../../src/mirai/engine/nats/host/task-messages.js';
import { namesOf } from '../../../src/mirai/engine/nats/names.js';
import { openStream } from '../../../src/mirai/engine/nats/stream.js';
import { ownServer } from './support/own.js';

const names = namesOf('default');

/** A stream with tasks of a host in it, and what finds those that are lost. */
async function start(count: number, bytes = 10) {
  const { url } = await ownServer();
  const connection = await connect({ servers: url });
  onTestFinished(() => connection.close());
  const stream = await openStream(connection, names);
  const client = jetstream(connection);
  const flights = new Map<Flight, TaskMessage>();
  let next = 1;
  const publish = async (host: string, more: Partial<Flight> = {}) => {
    const known = {
      ...{ sent: Number.NEGATIVE_INFINITY, isOver: false, attempts: 0 },
      task: { submission: { id: next++ } },
      ...more,
    };
    // Reason for the casts: that is what is looked at.
    const msgID = messageIdOf(host, known as Flight);
    const { seq } = await client.publish(names.taskOf(host), new Uint8Array(bytes), { msgID });
    flights.set({ sequence: seq, ...known } as Flight, { bytes: { length: bytes } } as TaskMessage);
    return seq;
  };
  for (let n = 0; n < count; n++) await publish('own');
  const consumer = await client.consumers.get(names.stream, 'daemons');
  const lost = new LostTasks(stream, names, 'own');
  const find = async () => (await lost.find(flights)).map(({ sequence }) => sequence);
  const info = vi.spyOn(stream.manager.streams, 'info');
  const get = vi.spyOn(stream.manager.streams, 'getMessage');
  return { client, flights, publish, find, info, get, manager: stream.manager, take: takeFrom(consumer) };
}

/** Takes so many messages as a daemon does. */
const takeFrom = (consumer: Consumer) => async (count: number) => {
  const taken: JsMsg[] = [];
  for await (const message of await consumer.fetch({ max_messages: count, expires: 5000 }))
    taken.push(message);
  return taken;
};

describe('a look for tasks that the stream does not have any more', { timeout: 30_000 }, () => {
  test('finds those between others the second time, and asks for no list of what is gone', async () => {
    const { find, take, info, get } = await start(5);
    const taken = await take(4);
    for (const n of [1, 3]) await taken[n]?.ackAck();
    expect(await find()).toEqual([]);
    expect(await find()).toEqual([2, 4]);
    for (const [, options] of info.mock.calls) expect(options).toBeUndefined();
    expect(get.mock.calls.map(([, query]) => query)).not.toContainEqual({ seq: 5 });
  });

  test('finds those before and behind all others without asking for them', async () => {
    const { find, take, get, manager, publish } = await start(3);
    await (await take(1))[0]?.ackAck();
    const last = await publish('own');
    await manager.streams.purge(names.stream);
    await publish('own', { sequence: last + 10 });
    expect(await find()).toEqual([]);
    expect(await find()).toEqual([1, 2, 3, last, last + 10]);
    expect(get).not.toHaveBeenCalled();
  });

  test('does not find those whose end has come, nor those that were sent just now', async () => {
    const { find, take, flights } = await start(3);
    for (const message of await take(2)) await message.ackAck();
    const [first, second] = flights.keys();
    if (first) first.isOver = true;
    if (second) second.sent = performance.now();
    for (let n = 0; n < 3; n++) expect(await find()).toEqual([]);
  });

  test('takes the message of another host for its own only under a key', async () => {
    const { find, take, publish } = await start(1);
    const other = await publish('other');
    await publish('other', { key: 'key' });
    await take(3);
    await find();
    expect(await find()).toEqual([other]);
  });

  test('finds the message of another task in its place', async () => {
    const { find, take, publish, flights } = await start(3);
    const [first] = flights.keys();
    if (first) flights.delete(first);
    await publish('own', { sequence: first?.sequence });
    await take(4);
    await find();
    expect(await find()).toEqual([first?.sequence]);
  });

  test('goes on at once where some are lost, to find all of them', async () => {
    const { find, take } = await start(200);
    const taken = await take(200);
    const lost = taken.filter((_, n) => n % 2 === 0);
    for (const message of lost) await message.ackAck();
    await find();
    expect(await find()).toHaveLength(lost.length);
  });

  test.each([
    ['many', 200, 10],
    ['large', 20, 200_000],
  ])(
    'asks for some at a time where they are %s, and for all of them in turn',
    async (_what, count, bytes) => {
      const { find, take, get } = await start(count, bytes);
      const taken = await take(count);
      await taken[count - 2]?.ackAck();
      const found: (number | undefined)[] = [];
      for (let looks = 0; found.length === 0 && looks < 10; looks++) {
        get.mockClear();
        found.push(...(await find()));
        // The lost one is among the last.
        if (looks > 0) continue;
        expect(get.mock.calls.length).toBeLessThanOrEqual(64);
        expect(get.mock.calls.length * bytes).toBeLessThanOrEqual(1024 * 1024);
      }
      expect(found).toEqual([count - 1]);
    },
  );
});
