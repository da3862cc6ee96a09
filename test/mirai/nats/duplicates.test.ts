import { describe, expect, test } from 'vitest';
import { failure } from '../support/failure.js';
import { MiraiInterrupt, mirai } from '../support/library.js';
import { tasks } from '../support/tasks.js';
import { join, startHost } from './support/delivery-setting.js';
import { eventually } from './support/eventually.js';
import { watchersAt } from './support/watchers.js';

const { values } = tasks;

const options = { idempotencyKey: 'key' };

describe('a task that is submitted again under its key', { timeout: 10_000 }, () => {
  test('and is cancelled then leaves the first one where it is', async () => {
    const { url } = await startHost();
    const first = mirai(values.echo, ['first'], options);
    const second = mirai(values.echo, ['second'], options);
    const watchers = await watchersAt(url);
    await eventually(async () => (await watchers.count()) === 1);
    second.cancel();
    expect(await failure(() => second)).toBeInstanceOf(MiraiInterrupt);
    await join(url);
    expect(await first).toBe('first');
  });

  test('after it was cancelled is run', async () => {
    const { url, queue } = await startHost();
    const first = mirai(values.echo, ['first'], options);
    await eventually(async () => (await queue())?.waiting === 1);
    first.cancel();
    expect(await failure(() => first)).toBeInstanceOf(MiraiInterrupt);
    await eventually(async () => (await queue())?.waiting === 0);
    await join(url);
    expect(await mirai(values.echo, ['again'], options)).toBe('again');
  });
});
