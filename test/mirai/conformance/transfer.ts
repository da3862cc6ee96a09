import { MessageChannel } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { type EngineName, testWith } from '../support/engines.js';
import { failure, miraiError } from '../support/failure.js';
import { openGate } from '../support/gate.js';
import { mirai, status } from '../support/library.js';
import { sharedPool } from '../support/pool.js';
import { tasks } from '../support/tasks.js';

const { gate, values } = tasks;

export function transferConforms(engine: EngineName): void {
  describe('transfer', () => {
    sharedPool(engine, 1);

    test('a buffer arrives with its bytes, and its result comes back', async () => {
      const buffer = new ArrayBuffer(8);
      const result = await mirai(values.fill, [buffer, 7], { transfer: [buffer] });
      expect(new Uint8Array(result)).toEqual(new Uint8Array(8).fill(7));
    });

    testWith(engine, 'moved buffers', 'a buffer is detached by the call, though its task waits', async () => {
      const { path, next } = await openGate();
      const held = mirai(gate.hold, [path, 'held']);
      const visitor = await next();
      const moved = Uint8Array.of(1, 2, 3).buffer;
      const copied = Uint8Array.of(1, 2, 3).buffer;
      const task = (a: ArrayBuffer, b: ArrayBuffer) => [a.byteLength, b.byteLength];
      const result = mirai(task, [moved, copied], { transfer: [moved] });
      expect([moved.byteLength, copied.byteLength]).toEqual([0, 3]);
      visitor.release();
      await held;
      expect(await result).toEqual([3, 3]);
    });

    test('what is not in transfer is copied', async () => {
      const buffer = new ArrayBuffer(8);
      await mirai(values.fill, [buffer, 7]);
      expect(new Uint8Array(buffer)).toEqual(new Uint8Array(8));
    });

    test('a buffer that is in transfer twice is refused, and nothing is left of the task', async () => {
      const buffer = new ArrayBuffer(8);
      await failure(() => mirai(values.echo, [buffer], { transfer: [buffer, buffer] }));
      expect(await mirai(values.add, [1, 2])).toBe(3);
      expect(status()).toMatchObject({ mirai: { awaiting: 0, executing: 0 }, memory: { used: 0 } });
    });

    testWith(engine, 'message ports', 'a port is moved, and works', async () => {
      const { port1, port2 } = new MessageChannel();
      await mirai(values.answerOn, [port2], { transfer: [port2] });
      const answer = new Promise((resolve) => port1.once('message', resolve));
      port1.postMessage(21);
      expect(await answer).toBe(42);
      port1.close();
    });

    testWith(engine, 'shared memory', 'a SharedArrayBuffer is shared, not copied', async () => {
      const shared = new SharedArrayBuffer(4);
      const numbers = new Int32Array(shared);
      await Promise.all([mirai(values.addTo, [shared, 40]), mirai(values.addTo, [shared, 2])]);
      expect(Atomics.load(numbers, 0)).toBe(42);
    });

    testWith(engine, 'shared memory', 'a view of shared memory is shared', async () => {
      const view = new Int32Array(new SharedArrayBuffer(8), 4);
      await mirai(values.addToView, [view, 40]);
      await mirai(values.addToViews, [{ list: [view] }, 2]);
      expect(Atomics.load(view, 0)).toBe(42);
    });

    test('views of one buffer arrive as views of one buffer, and of nothing else', async () => {
      const buffer = Uint8Array.of(1, 2, 3, 4, 5, 6).buffer;
      const views: [Uint8Array, DataView] = [new Uint8Array(buffer, 0, 2), new DataView(buffer, 3)];
      expect(await mirai(values.describeViews, views)).toEqual([6, 0, 6, 3, true, [1, 2, 3, 4, 5, 6]]);
      const [first, second] = await mirai(values.makeViews, []);
      expect([first.buffer.byteLength, second.byteOffset, first.buffer === second.buffer]).toEqual([
        6,
        3,
        true,
      ]);
    });

    if (engine !== 'processes') return;

    test('a SharedArrayBuffer is refused by a process, by name', async () => {
      const error = await miraiError(() => mirai(values.addTo, [new SharedArrayBuffer(4), 1]));
      expect(error.message).toMatch(/SharedArrayBuffer/);
      const deep = await miraiError(() =>
        mirai(values.echo, [{ list: [new Uint8Array(new SharedArrayBuffer(4))] }]),
      );
      expect(deep.message).toMatch(/SharedArrayBuffer/);
      expect(await mirai(values.add, [1, 2])).toBe(3);
    });

    test('a MessagePort is refused by a process, by name', async () => {
      const { port1, port2 } = new MessageChannel();
      const error = await miraiError(() => mirai(values.answerOn, [port2], { transfer: [port2] }));
      expect(error.message).toMatch(/MessagePort/);
      port1.close();
      port2.close();
      expect(await mirai(values.add, [1, 2])).toBe(3);
    });
  });
}
