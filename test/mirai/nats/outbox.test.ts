import type { NatsConnection } from '@nats-io/transport-node';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Outbox, type Sending } from '../../../src/mirai/engine/nats/daemon/outbox.js';

const mebibyte = 1024 * 1024;

/** An outbox on a connection to a server that knows some hosts. */
function start() {
  const known = new Set<string>();
  let unheard: (error: null, message: object) => void = () => undefined;
  const sent: string[] = [];
  const connection = {
    subscribe(_subject: string, { callback }: { callback: typeof unheard }) {
      unheard = callback;
    },
    publish(host: string, message: Uint8Array, { reply }: { reply: string }) {
      if (message.length > 40 * mebibyte) throw new Error('max_payload size exceeded');
      sent.push(host);
      if (!known.has(host)) queueMicrotask(() => unheard(null, { subject: reply, headers: { code: 503 } }));
    },
    isClosed: () => false,
    isDraining: () => false,
  };
  const onRoom = vi.fn();
  // Reason for the cast: that is what an outbox uses of a connection.
  const outbox = new Outbox(connection as unknown as NatsConnection, 'replies', onRoom);
  onTestFinished(() => outbox.close());
  let n = 0;
  const send = (host: string, bytes: number, sending: Omit<Sending, 'isOver'> = {}) => {
    const isOver = vi.fn();
    outbox.send(host, host, () => new Uint8Array(bytes), { ...sending, isOver });
    n += 1;
    return { n, isOver };
  };
  return { outbox, known, sent, onRoom, send };
}

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
});

describe('an outbox', () => {
  test('is full while too many bytes are not confirmed, and says when that is over', () => {
    const { outbox, known, onRoom, send } = start();
    known.add('host');
    const { n } = send('host', 20 * mebibyte);
    expect(outbox.isFull).toBe(false);
    send('host', 20 * mebibyte);
    expect(outbox.isFull).toBe(true);
    expect(onRoom).not.toHaveBeenCalled();
    outbox.confirmed('host', n);
    expect(outbox.isFull).toBe(false);
    expect(onRoom).toHaveBeenCalledTimes(1);
  });

  test('is full while too many messages are not confirmed', () => {
    const { outbox, known, send } = start();
    known.add('host');
    while (!outbox.isFull) send('host', 1);
    outbox.confirmed('host', 1);
    expect(outbox.isFull).toBe(false);
  });

  test('waits a minute for a host that is gone, unless it is full', async () => {
    const { send } = start();
    const { isOver } = send('gone', 1);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(isOver).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2000);
    expect(isOver).toHaveBeenCalledExactlyOnceWith(false);
  });

  test('that is full gives up a host that is gone, and waits for one that is there', async () => {
    const { outbox, known, send } = start();
    known.add('there');
    const there = send('there', 1);
    const gone = send('gone', 33 * mebibyte);
    await vi.advanceTimersByTimeAsync(8000);
    expect(gone.isOver).toHaveBeenCalledExactlyOnceWith(false);
    expect(there.isOver).not.toHaveBeenCalled();
    expect(outbox.isFull).toBe(false);
  });

  test('that is full waits for a host that reconnects within some seconds', async () => {
    const { outbox, known, send } = start();
    const { n, isOver } = send('host', 33 * mebibyte);
    await vi.advanceTimersByTimeAsync(3500);
    known.add('host');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(isOver).not.toHaveBeenCalled();
    outbox.confirmed('host', n);
    expect(isOver).toHaveBeenCalledExactlyOnceWith(true);
  });

  test('waits less for a host that is gone and will find it elsewhere', async () => {
    const { send } = start();
    const { isOver } = send('gone', 1, { ifUnheard: 'end soon' });
    await vi.advanceTimersByTimeAsync(4500);
    expect(isOver).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(3500);
    expect(isOver).toHaveBeenCalledExactlyOnceWith(false);
  });

  test('does not wait for a host that is gone with what others may have', async () => {
    const { outbox, known, send } = start();
    known.add('there');
    const gone = send('gone', 1, { ifUnheard: 'end' });
    const there = send('there', 1, { ifUnheard: 'end' });
    await vi.advanceTimersByTimeAsync(0);
    expect(gone.isOver).toHaveBeenCalledExactlyOnceWith(false);
    expect(there.isOver).not.toHaveBeenCalled();
    const empty = outbox.empty(10_000);
    outbox.confirmed('there', there.n);
    await empty;
  });

  test('keeps nothing of what is too large for the server, and does not send it again', async () => {
    const { outbox, sent, send } = start();
    expect(() => send('host', 41 * mebibyte)).toThrow('max_payload');
    await vi.advanceTimersByTimeAsync(10_000);
    expect([outbox.isFull, sent]).toEqual([false, []]);
  });
});
