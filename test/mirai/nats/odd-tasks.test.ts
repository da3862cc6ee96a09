import { describe, expect, test } from 'vitest';
import { failure } from '../support/failure.js';
import { DaemonLost, importTasks, mirai } from '../support/library.js';
import { tasks } from '../support/tasks.js';
import { connectHost } from './support/host.js';
import { collectMirai } from './support/library.js';
import { launchDaemon, ownServer } from './support/own.js';

const { faults, values } = tasks;

const deliveries = ['at-least-once', 'at-most-once'] as const;

/** The tasks of a module, by any name. */
const anyOf = (url: string) => importTasks<Record<string, () => unknown>>(url);

/** A function whose source is so long. */
function longFunction(characters: number): () => number {
  const source = `() => ${' '.repeat(characters)}1`;
  return new Function(`return ${source}`)() as () => number; // cast: that is what it is
}

describe.each(deliveries)('%s: a task', { timeout: 20_000 }, (delivery) => {
  test.each([
    ['the name of an export is empty', { url: import.meta.url, name: '' }],
    ['the name of an export is too long', { url: import.meta.url, name: 'x'.repeat(513) }],
    ['the URL of its module is too long', { url: `data:text/javascript,${'x'.repeat(4096)}`, name: 'x' }],
  ])('that cannot be sent since %s rejects, and others run', async (_why, { url, name }) => {
    const server = await ownServer();
    await launchDaemon({ url: server.url });
    await connectHost({ servers: server.url, delivery });
    const task = anyOf(url)[name];
    if (!task) throw new Error('there is none');
    expect(await failure(() => mirai(task, []))).toMatchObject({
      code: 'miraiError',
      message: expect.stringContaining('characters'),
    });
    expect(await mirai(values.add, [1, 2])).toBe(3);
  });

  test('that cannot be sent since its source is too long rejects, and others run', async () => {
    const server = await ownServer({ maxPayload: 8_000_000 });
    await launchDaemon({ url: server.url });
    await connectHost({ servers: server.url, delivery });
    expect(await failure(() => mirai(longFunction(2 ** 20), []))).toMatchObject({
      code: 'miraiError',
      message: expect.stringContaining('bytes'),
    });
    expect(await mirai(longFunction(900_000), [])).toBe(1);
  });

  test.each([100_000, 2_000_000])('that dies of an error of %i characters rejects', async (characters) => {
    const { url } = await ownServer();
    await launchDaemon({ url });
    await connectHost({ servers: url, delivery });
    const outcome = failure(() => mirai(faults.throwInTimer, ['x'.repeat(characters)]));
    expect(await outcome).toBeInstanceOf(DaemonLost);
    expect(await mirai(values.add, [1, 2])).toBe(3);
  });

  test('that may be retried for ever runs', async () => {
    const { url } = await ownServer();
    await launchDaemon({ url });
    await connectHost({ servers: url, delivery }, { retries: Number.POSITIVE_INFINITY });
    expect(await mirai(values.add, [1, 2])).toBe(3);
  });
});

describe('a key', { timeout: 20_000 }, () => {
  test.each([
    ['of several lines', 'a\r\nb: c'],
    ['with a nought', 'a\0b'],
  ])('%s is one like others', async (_what, idempotencyKey) => {
    const { url } = await ownServer();
    await launchDaemon({ url });
    await connectHost({ servers: url, durable: true });
    expect(await mirai(values.echo, [1], { idempotencyKey })).toBe(1);
    expect(await mirai(values.echo, [2], { idempotencyKey })).toBe(1);
    expect(await collectMirai(idempotencyKey)).toBe(1);
  });

  test('that another one becomes without its space is not that one', async () => {
    const { url } = await ownServer();
    await connectHost({ servers: url });
    const all = ['key', 'key ', ' key'].map((idempotencyKey) =>
      mirai(values.echo, [idempotencyKey], { idempotencyKey }),
    );
    await launchDaemon({ url });
    expect(await Promise.all(all)).toEqual(['key', 'key ', ' key']);
  });
});
