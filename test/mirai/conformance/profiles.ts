import { describe, expect, test } from 'vitest';
import type { EngineName } from '../support/engines.js';
import { failure, interrupted } from '../support/failure.js';
import { openGate } from '../support/gate.js';
import {
  daemons,
  daemonsSet,
  everywhere,
  launchLocal,
  localDaemons,
  mirai,
  miraiMap,
  NoDaemons,
  requireDaemons,
  status,
  withDaemons,
} from '../support/library.js';
import { engineOf, pool } from '../support/pool.js';
import { tasks } from '../support/tasks.js';
import { turns } from '../support/until.js';

const { gate, values } = tasks;

export function profilesConform(engine: EngineName): void {
  describe('profiles', () => {
    test('are independent: the reset of one leaves the tasks of the other alone', async () => {
      await Promise.all([pool(engine, 1, { compute: 'a' }), pool(engine, 1, { compute: 'b' })]);
      const { path, next } = await openGate();
      const held = mirai(gate.hold, [path, 'held'], { compute: 'b' });
      const visitor = await next();
      expect(await mirai(values.add, [1, 2], { compute: 'a' })).toBe(3);
      await daemons(0, { compute: 'a' });
      expect([daemonsSet('a'), daemonsSet('b'), daemonsSet()]).toEqual([false, true, false]);
      expect([status('a').connections, status('b').connections]).toEqual([0, 1]);
      visitor.release('result');
      expect(await held).toBe('result');
    });

    test('a profile without daemons has a status, and throws NoDaemons where daemons are required', async () => {
      expect(daemonsSet('none')).toBe(false);
      expect(status('none')).toMatchObject({ compute: 'none', url: undefined, connections: 0, daemons: [] });
      for (const start of [
        () => miraiMap([1], values.echo, { compute: 'none' }),
        () => everywhere(values.echo, [1], { compute: 'none' }),
        () => requireDaemons('none'),
        () => launchLocal(1, 'none'),
      ]) {
        const error = await failure(start);
        expect(error).toBeInstanceOf(NoDaemons);
        expect(error).toMatchObject({ code: 'noDaemons', name: 'NoDaemons' });
        expect(String(error)).toContain('none');
      }
    });

    test('daemons() on a live profile resets it first', async () => {
      await pool(engine, 1);
      const { path, next } = await openGate();
      const running = mirai(gate.holdForEver, [path, 'running']);
      const queued = mirai(values.add, [1, 2]);
      await next();
      const again = daemons(2, { engine: engineOf(engine) });
      await interrupted(() => running);
      await interrupted(() => queued);
      await again;
      expect(status()).toMatchObject({
        connections: 2,
        mirai: { awaiting: 0, executing: 0, completed: 0, failed: 0 },
      });
      expect(await mirai(values.add, [1, 2])).toBe(3);
    });

    test('requireDaemons() is true where they are set', async () => {
      await pool(engine, 1);
      expect([requireDaemons(), daemonsSet()]).toEqual([true, true]);
    });

    test('withDaemons() chooses the profile for what runs in it, across await, and nested', async () => {
      const [a, b] = await Promise.all([
        pool(engine, 1, { compute: 'a' }),
        pool(engine, 1, { compute: 'b' }),
      ]);
      const urls: unknown[] = [];
      const look = () => urls.push(status().url);
      const run = async (compute: string | typeof a, inner?: () => Promise<void>) =>
        withDaemons(compute, async () => {
          look();
          expect(await mirai(values.add, [1, 2])).toBe(3);
          await inner?.();
          look();
        });
      await run('a', () => run(b));
      look();
      expect(urls).toEqual([a.url, b.url, b.url, a.url, undefined]);
      expect(withDaemons('a', () => status().compute)).toBe('a');
      expect(() => withDaemons('a', fail)).toThrow('failed');
      expect(status('a').mirai.completed).toBe(1);
      expect(status('b').mirai.completed).toBe(1);
    });

    test('withDaemons() of two at a time do not mix', async () => {
      await Promise.all([pool(engine, 1, { compute: 'a' }), pool(engine, 1, { compute: 'b' })]);
      const run = (compute: string, count: number) =>
        withDaemons(compute, async () => {
          for (let round = 0; round < count; round++) {
            await turns(round % 3);
            await mirai(values.add, [round, 1]);
          }
        });
      await Promise.all([run('a', 5), run('b', 9)]);
      expect([status('a').mirai.completed, status('b').mirai.completed]).toEqual([5, 9]);
    });

    test('the option compute goes before the profile that is chosen around it', async () => {
      await Promise.all([pool(engine, 1, { compute: 'a' }), pool(engine, 1, { compute: 'b' })]);
      await withDaemons('a', () => mirai(values.add, [1, 2], { compute: 'b' }));
      expect([status('a').mirai.completed, status('b').mirai.completed]).toEqual([0, 1]);
    });

    test('localDaemons() does so until it is disposed, across await, and twice is harmless', async () => {
      await pool(engine, 1, { compute: 'a' });
      const local = localDaemons('a');
      await turns(2);
      expect(status().compute).toBe('a');
      expect(await mirai(values.add, [1, 2])).toBe(3);
      expect(status('a').mirai.completed).toBe(1);
      local[Symbol.dispose]();
      local[Symbol.dispose]();
      expect(status().compute).toBe('default');
    });

    test('what localDaemons() chooses in an async function is not what its caller has', async () => {
      await pool(engine, 1, { compute: 'a' });
      const inner = async () => {
        await turns(1);
        const local = localDaemons('a');
        await turns(1);
        const seen = status().compute;
        local[Symbol.dispose]();
        return seen;
      };
      const running = inner();
      const seen = status().compute;
      await turns(3);
      expect([await running, seen, status().compute]).toEqual(['a', 'default', 'default']);
    });
  });
}

function fail(): never {
  throw new Error('failed');
}
