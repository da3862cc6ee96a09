import { writeFileSync } from 'node:fs';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startTracing } from '../support/tracing.js';
import { failure, interrupted } from './support/failure.js';
import { daemons, daemonsSet, mirai, OtelPromiseDomainError, status } from './support/library.js';
import { pool } from './support/pool.js';
import { isAlive } from './support/run-program.js';
import { notebook } from './support/scratch.js';
import { tasks } from './support/tasks.js';
import { turns, until } from './support/until.js';

const { faults, values } = tasks;
const at = (name: string) => new URL(`./tasks/${name}.mjs`, import.meta.url);

/** Where setup modules leave a line for each daemon that starts. */
function startsOfDaemons() {
  const { path, lines } = notebook();
  process.env.MIRAI_STARTS = path;
  onTestFinished(() => {
    delete process.env.MIRAI_STARTS;
  });
  return { path, lines };
}

describe.each(['threads', 'processes'] as const)('a setup module, on %s,', { timeout: 30_000 }, (engine) => {
  test.each(['setup-hangs', 'setup-spins'])(
    '%s: daemons() is ended by a reset, and nothing is left',
    async (name) => {
      const { lines } = startsOfDaemons();
      const starting = pool(engine, 2, { setup: at(name) });
      const error = interrupted(() => starting);
      await until(() => lines().length === 2);
      await daemons(0);
      await error;
      expect([daemonsSet(), status().connections]).toEqual([false, 0]);
      if (engine === 'processes') expect(lines().map(Number).some(isAlive)).toBe(false);
      await pool(engine, 1);
      expect(await mirai(values.add, [1, 2])).toBe(3);
    },
  );

  test('a daemon that has come up when it is ended, and has not been heard, was never there', async () => {
    const { finished } = startTracing(new AsyncLocalStorageContextManager());
    const { lines } = startsOfDaemons();
    const error = interrupted(() => pool(engine, 1, { setup: at('setup-says-up') }));
    await turns(1);
    const limit = performance.now() + 5000;
    while (lines().length === 0 && performance.now() < limit); // so that nothing is heard meanwhile
    expect(lines()).toEqual(['up']);
    await daemons(0);
    await error;
    expect(finished().map(({ name }) => name.replace(/ \w+:.*/, ''))).toEqual(['daemons reset']);
  });

  test('that exits: daemons() rejects after few attempts, and sets none', async () => {
    const { lines } = startsOfDaemons();
    const error = await failure(() => pool(engine, 2, { setup: at('setup-exits') }));
    expect(error).toBeInstanceOf(OtelPromiseDomainError);
    expect(daemonsSet()).toBe(false);
    const { length } = lines();
    expect(length).toBeLessThanOrEqual(30);
    await pool(engine, 1);
    expect(await mirai(values.add, [1, 2])).toBe(3);
    expect(lines()).toHaveLength(length);
  });

  test('that exits from some time on: tasks that wait reject, in place of new attempts for ever', async () => {
    const { path, lines } = startsOfDaemons();
    await pool(engine, 1, { setup: at('setup-exits-if') });
    expect(await mirai(values.add, [1, 2])).toBe(3);
    writeFileSync(`${path}.broken`, '');
    const task = mirai(faults.exit, [3]);
    const queued = mirai(values.add, [1, 2]);
    await failure(() => task);
    expect(await failure(() => queued)).toBeInstanceOf(OtelPromiseDomainError);
    expect(lines().length).toBeLessThanOrEqual(30);
    expect(await failure(() => mirai(values.add, [1, 2]))).toBeInstanceOf(OtelPromiseDomainError);
    await daemons(0);
    expect(daemonsSet()).toBe(false);
  });
});
