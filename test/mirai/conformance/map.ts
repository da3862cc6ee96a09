import { describe, expect, test } from 'vitest';
import { allJobsDone, collectUnhandledRejections } from '../../support/unhandled-rejections.js';
import type { EngineName } from '../support/engines.js';
import { failure, interrupted, miraiError } from '../support/failure.js';
import { openGate, type Visitor } from '../support/gate.js';
import {
  isMirai,
  isMiraiMap,
  MiraiTimeout,
  mirai,
  miraiMap,
  status,
  unresolved,
} from '../support/library.js';
import { anyPool } from '../support/pool.js';
import { notebook } from '../support/scratch.js';
import { tasks } from '../support/tasks.js';
import { turns, until } from '../support/until.js';

const { errors, gate, notes, self, values } = tasks;
const numbers = Array.from({ length: 100 }, (_, n) => n);

export function mapConforms(engine: EngineName): void {
  describe('miraiMap()', () => {
    test('gives results in the order of the items, whatever order they end in', async () => {
      await anyPool(engine, 3);
      const { path, next } = await openGate();
      const map = miraiMap(['a', 'b', 'c'], (label: string, where: string) => [label, where], {
        args: [path],
      });
      expect(await map).toEqual([
        ['a', path],
        ['b', path],
        ['c', path],
      ]);
      const held = miraiMap([path, path, path], gate.hold, { args: ['held'] });
      const visitors = [await next(), await next(), await next()] as [Visitor, Visitor, Visitor];
      for (const [n, visitor] of visitors.reverse().entries()) {
        visitor.release(n);
        await turns(5);
      }
      expect([...(await held)].sort()).toEqual([0, 1, 2]);
      expect(await miraiMap(numbers, values.add, { args: [1] })).toEqual(numbers.map((n) => n + 1));
    });

    test('takes arrays, sets, generators and async generators, and items that are undefined', async () => {
      await anyPool(engine, 3);
      const generator = function* () {
        yield* [1, undefined, 3];
      };
      const later = async function* () {
        yield 1;
        await allJobsDone();
        yield* [undefined, 3];
      };
      for (const items of [[1, undefined, 3], new Set([1, undefined, 3]), generator(), later()])
        expect(await miraiMap(items, values.echo)).toEqual([1, undefined, 3]);
    });

    test('can be iterated in the order in which elements end', async () => {
      await anyPool(engine, 3);
      const { path, next } = await openGate();
      const map = miraiMap(['a', 'b', 'c'], gate.holdAs, { args: [path] });
      const visitors = new Map<string, Visitor>();
      for (const _ of 'abc') await next().then((visitor) => visitors.set(visitor.label, visitor));
      const order = ['c', 'a', 'b'];
      const seen: unknown[] = [];
      const release = () => visitors.get(order[seen.length] ?? '')?.release(order[seen.length]);
      release();
      for await (const value of map) {
        seen.push(value);
        release();
      }
      expect(seen).toEqual(order);
      expect(await map).toEqual(['a', 'b', 'c']);
    });

    test('of nothing is an empty list at once', async () => {
      await anyPool(engine, 1);
      const empty = miraiMap([], values.echo);
      expect(await empty).toEqual([]);
      expect(await miraiMap([], values.echo).settled()).toEqual([]);
      expect(unresolved(empty)).toBe(false);
      for await (const value of miraiMap([], values.echo)) throw new Error(`there is ${value}`);
    });

    test('is neither a mirai nor resolved before its last element', async () => {
      await anyPool(engine, 1);
      const { path, next } = await openGate();
      const map = miraiMap([path], gate.hold, { args: ['held'] });
      const visitor = await next();
      const plain = Promise.resolve();
      expect([isMirai(map), isMiraiMap(map), isMiraiMap(plain), unresolved(map)]).toEqual([
        false,
        true,
        false,
        true,
      ]);
      const task = mirai(values.echo, [1]);
      expect([isMirai(task), isMiraiMap(task), isMirai(plain), isMirai(undefined)]).toEqual([
        true,
        false,
        false,
        false,
      ]);
      visitor.release('result');
      expect(await map).toEqual(['result']);
      expect(unresolved(map)).toBe(false);
      await task;
    });

    test('is cancelled by leaving the iteration: the rest never runs', async () => {
      const reasons = collectUnhandledRejections();
      await anyPool(engine, 1);
      const { path, lines } = notebook();
      const { path: door, next } = await openGate();
      const map = miraiMap(['first', 'hold', 'never'], gate.noteOrHold, { args: [path, door] });
      for await (const value of map) {
        expect(value).toBe('first');
        await next();
        break;
      }
      await interrupted(() => map);
      expect(await mirai(notes.note, [path, 'next'])).toBe('next');
      expect(lines()).toEqual(['first', 'hold', 'next']);
      await allJobsDone();
      expect(reasons).toEqual([]);
    });

    test('rejects at the first failure, and cancels the rest', async () => {
      await anyPool(engine, 1);
      const { path, lines } = notebook();
      const { path: door } = await openGate();
      const items = ['a', 'fail', 'hold', ...numbers.map(String)];
      const error = await miraiError(() => miraiMap(items, gate.noteOrHold, { args: [path, door] }));
      expect(error.message).toBe('failed');
      expect(await mirai(notes.note, [path, 'next'])).toBe('next');
      expect(lines().filter((line) => line !== 'hold')).toEqual(['a', 'fail', 'next']);
      expect(status().mirai).toMatchObject({ awaiting: 0, executing: 0 });
    });

    test('throws the failure where it is iterated', async () => {
      await anyPool(engine, 1);
      const seen: unknown[] = [];
      const error = await miraiError(async () => {
        for await (const value of miraiMap(['TypeError'], errors.fail)) seen.push(value);
      });
      expect([error.name, seen]).toEqual(['TypeError', []]);
    });

    test('settled() has every outcome, in the order of the items, and no failure stops the rest', async () => {
      await anyPool(engine, 1);
      const { path, lines } = notebook();
      const outcomes = await miraiMap(['a', 'fail', 'b', 'fail', 'c'], notes.noteOrFail, {
        args: [path],
      }).settled();
      const failed = { status: 'rejected', reason: expect.objectContaining({ message: 'failed' }) };
      const done = (value: string) => ({ status: 'fulfilled', value });
      expect(outcomes).toEqual([done('a'), failed, done('b'), failed, done('c')]);
      expect(lines()).toHaveLength(5);
    });

    test('settled() makes no unhandled rejection of the map', async () => {
      const reasons = collectUnhandledRejections();
      await anyPool(engine, 1);
      await miraiMap(['TypeError', 'RangeError'], errors.fail).settled();
      await allJobsDone();
      expect(reasons).toEqual([]);
    });

    test('cancel() tells for each element whether it was cancelled', async () => {
      await anyPool(engine, 1);
      const { path, lines } = notebook();
      const { path: door, next } = await openGate();
      const { completed } = status().mirai;
      const map = miraiMap(['first', 'hold', 'never'], gate.noteOrHold, { args: [path, door] });
      await next();
      await until(() => status().mirai.completed === completed + 1);
      expect(map.cancel('enough')).toEqual([false, true, true]);
      expect((await interrupted(() => map)).cause).toBe('enough');
      expect(map.cancel()).toEqual([false, false, false]);
      await mirai(values.add, [1, 2]);
      expect(lines()).toEqual(['first', 'hold']);
    });

    test('a signal and a timeout are those of each element', async () => {
      await anyPool(engine, 1);
      const { path } = await openGate();
      const controller = new AbortController();
      const map = miraiMap([path, path], gate.holdForEver, { args: ['held'], signal: controller.signal });
      controller.abort('enough');
      expect((await interrupted(() => map)).cause).toBe('enough');
      const outcomes = await miraiMap([path, path], gate.holdForEver, {
        args: ['held'],
        timeout: 50,
      }).settled();
      for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: expect.any(MiraiTimeout) });
    });

    test('progress is told of every element, and of what tasks report', async () => {
      await anyPool(engine, 1);
      const { path, next } = await openGate();
      const seen: unknown[] = [];
      const map = miraiMap(['a', 'b'], gate.report, {
        args: [path, [0.25, 0.75]],
        progress: ({ done, total, partial }) => seen.push([done, total, partial]),
      });
      for (const done of [0, 1]) {
        const visitor = await next();
        visitor.say();
        await until(() => seen.some((entry) => String(entry) === String([done, 2, 0.25])));
        visitor.say();
        await until(() => seen.some((entry) => String(entry) === String([done, 2, 0.75])));
        visitor.say();
      }
      await map;
      expect(seen.at(-1)).toEqual([2, 2, 0]);
    });

    test('daemons() in an element is an error', async () => {
      await anyPool(engine, 1);
      const error = await failure(() => miraiMap([1], self.startDaemons));
      expect(String(error)).toMatch(/daemons/);
      expect(await mirai(values.add, [1, 2])).toBe(3);
    });
  });
}
