import { Kvm } from '@nats-io/kv';
import { connect } from '@nats-io/transport-node';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failure } from '../support/failure.js';
import { openGate } from '../support/gate.js';
import { MiraiInterrupt, mirai } from '../support/library.js';
import { tasks } from '../support/tasks.js';
import { join, startHost } from './support/delivery-setting.js';
import { eventually } from './support/eventually.js';

const { gate, values } = tasks;

/** Whether something is written under a key. */
async function claimsAt(url: string): Promise<(key: string) => Promise<boolean>> {
  const connection = await connect({ servers: url });
  onTestFinished(() => connection.close());
  const bucket = await new Kvm(connection).open('MIRAI_default_results');
  return async (key) => (await bucket.get(Buffer.from(key).toString('base64url')))?.operation === 'PUT';
}

/** A daemon that runs one task under a key, and has another one waiting behind it. */
async function holdTwo() {
  const { url } = await startHost({ durable: true });
  const daemon = await join(url);
  // Of tasks that take no time, a daemon takes some ahead.
  for (let n = 0; n < 10; n++) await mirai(values.add, [n, n]);
  const { path, next, came } = await openGate();
  const [first, second] = ['first', 'second'].map((label) =>
    mirai(gate.hold, [path, label], { idempotencyKey: label }),
  );
  const { release } = await next();
  const isClaimed = await claimsAt(url);
  await eventually(() => isClaimed('second'));
  return { url, isClaimed, daemon, first, second, next, came, release };
}

describe('a task with a key that waits behind a long one', { timeout: 20_000 }, () => {
  test('is run by another daemon that is idle', async () => {
    const { url, first, second, next, came, release } = await holdTwo();
    await join(url);
    (await next()).release('elsewhere');
    expect(await second).toBe('elsewhere');
    release('here');
    expect(await first).toBe('here');
    expect(came).toEqual(['first', 'second']);
  });

  test('is run by another daemon when its own leaves', async () => {
    const { url, daemon, first, second, next, came, release } = await holdTwo();
    const left = daemon.leave();
    await join(url);
    (await next()).release('elsewhere');
    release('here');
    expect(await Promise.all([first, second])).toEqual(['here', 'elsewhere']);
    await left;
    expect(came).toEqual(['first', 'second']);
  });

  test('is not claimed any more when it is cancelled', async () => {
    const { isClaimed, first, second, release } = await holdTwo();
    second?.cancel();
    expect(await failure(() => second)).toBeInstanceOf(MiraiInterrupt);
    await eventually(async () => !(await isClaimed('second')));
    release('end');
    expect(await first).toBe('end');
  });
});
