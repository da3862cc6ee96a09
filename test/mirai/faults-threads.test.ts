import { describe, expect, test } from 'vitest';
import { interrupted } from './support/failure.js';
import { mirai, status } from './support/library.js';
import { pool } from './support/pool.js';
import { turns, until } from './support/until.js';

const [started, mayEnd, never] = [0, 1, 2];

function waitForHost(shared: SharedArrayBuffer): void {
  const cells = new Int32Array(shared);
  Atomics.store(cells, 0, 1);
  Atomics.notify(cells, 0);
  Atomics.wait(cells, 1, 0);
}

describe('on threads alone', { timeout: 20_000 }, () => {
  test('a cancelled task that ends before its grace is over does not cost the daemon, though the host learns it later', async () => {
    const grace = 20;
    await pool('threads', 1, { grace });
    const shared = new SharedArrayBuffer(12);
    const cells = new Int32Array(shared);
    const task = mirai(waitForHost, [shared]);
    await until(() => Atomics.load(cells, started) === 1);
    task.cancel();
    await interrupted(() => task);
    await turns(2);
    Atomics.store(cells, mayEnd, 1);
    Atomics.notify(cells, mayEnd);
    // The host is busy until the grace is over: what the daemon says in this time is read after that.
    Atomics.wait(cells, never, 0, 5 * grace);
    expect(await mirai((a: number, b: number) => a + b, [1, 2])).toBe(3);
    expect(status().daemons.map(({ id }) => id)).toEqual([1]);
  });
});
