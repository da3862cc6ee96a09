import { describe, expect, test } from 'vitest';
import type { EngineName } from '../support/engines.js';
import { miraiError } from '../support/failure.js';
import { MiraiError, mirai, OtelPromiseDomainError, status } from '../support/library.js';
import { pool, sharedPool } from '../support/pool.js';
import { tasks } from '../support/tasks.js';

const { errors, values } = tasks;
const thrown = (kind: string) => miraiError(() => mirai(errors.fail, [kind]));

export function errorsConform(engine: EngineName): void {
  describe('what a task throws', () => {
    sharedPool(engine, 1);

    test.each(['TypeError', 'RangeError', 'SyntaxError'])('a %s keeps its name', async (name) => {
      const error = await thrown(name);
      expect(error).toBeInstanceOf(OtelPromiseDomainError);
      expect(error).toMatchObject({ name, code: 'miraiError' });
      expect(error.message).toContain(`a ${name.replace('Error', '').toLowerCase()}`);
    });

    test('an error of a class of the user keeps its name, code and properties', async () => {
      expect(await thrown('HttpError')).toMatchObject({
        name: 'HttpError',
        message: 'not found',
        status: 404,
        code: 'E_HTTP',
        details: { retryAfter: new Date(0), list: [1] },
      });
    });

    test('an empty message stays empty', async () => {
      expect(await thrown('an empty message')).toMatchObject({ name: 'Error', message: '' });
    });

    test('the stack has the frames of the task, and none of the runtime in the daemon', async () => {
      const { stack } = await miraiError(() => mirai(errors.namedFrame, ['TypeError']));
      expect(stack).toMatch(/^TypeError: a type\n/);
      expect(stack).toMatch(/at fail .*errors\.mjs/);
      expect(stack).toMatch(/at namedFrame .*errors\.mjs/);
      expect(stack).not.toMatch(/\/dist\/|domain\/mirai:|node:internal|evaluate/i);
    });

    test('the stack of a function task has its frame', async () => {
      const { stack } = await miraiError(() =>
        mirai(function divide() {
          throw new RangeError('by zero');
        }, []),
      );
      expect(stack).toMatch(/^RangeError: by zero\n/);
      expect(stack).toMatch(/at divide/);
    });

    test('a chain of causes arrives link by link', async () => {
      const error = await thrown('a chain of causes');
      expect(error.cause).toBeInstanceOf(Error);
      expect(error.cause).toMatchObject({
        name: 'TypeError',
        message: 'second',
        cause: { name: 'RangeError', message: 'third', cause: 'root' },
      });
    });

    test('a cause that is no error arrives as it is', async () => {
      expect((await thrown('a cause that is a value')).cause).toEqual({ code: 7, list: new Map([[1, 2]]) });
    });

    test('a cause of undefined is there, and no cause is not', async () => {
      expect(Object.hasOwn(await thrown('a cause that is undefined'), 'cause')).toBe(true);
      expect(Object.hasOwn(await thrown('TypeError'), 'cause')).toBe(false);
    });

    test('properties of a cause arrive too', async () => {
      expect((await thrown('a cause with a code')).cause).toMatchObject({
        name: 'HttpError',
        code: 'E_HTTP',
      });
    });

    test('the errors of an AggregateError arrive', async () => {
      const error = await thrown('an AggregateError');
      expect(error).toMatchObject({ name: 'AggregateError', message: 'all of them' });
      expect(error.errors).toEqual([expect.objectContaining({ name: 'TypeError', message: 'one' }), 'two']);
    });

    test('a DOMException keeps its name and message', async () => {
      expect(await thrown('a DOMException')).toMatchObject({ name: 'AbortError', message: 'was aborted' });
    });

    test.each([
      ['a string', 'a text', 'a text'],
      ['an empty string', '', ''],
      ['undefined', undefined, 'undefined'],
      ['null', null, 'null'],
      ['a number', 42, '42'],
      ['false', false, 'false'],
      ['a bigint', 7n, '7'],
      ['an object', { reason: 'because', when: new Date(0) }, 'because'],
      ['an array', [1, 'two'], 'two'],
      ['a map', new Map([['a', 1]]), 'a'],
    ])('%s is the cause, and the message shows it', async (kind, value, shown) => {
      const error = await thrown(kind);
      expect(Object.hasOwn(error, 'cause')).toBe(true);
      expect(error.cause).toEqual(value);
      expect(error.message).toContain(shown);
      expect(error).toMatchObject({ name: 'MiraiError', code: 'miraiError' });
    });

    test.each([
      ['a symbol', 'mine'],
      ['a function', 'thrower'],
    ])('%s cannot be the cause, but the message shows it', async (kind, shown) => {
      expect((await thrown(kind)).message).toContain(shown);
    });

    test.each([
      'an object with a getter that throws',
      'an object whose toString throws',
      'an error whose message throws',
    ])('%s is a MiraiError, and the daemon lives on', async (kind) => {
      const before = status().daemons.map(({ id }) => id);
      expect((await thrown(kind)).message).toMatch(/\S/);
      expect(await mirai(values.add, [1, 2])).toBe(3);
      expect(status().daemons.map(({ id }) => id)).toEqual(before);
    });

    test.each([
      'an error with a getter that throws',
      'an error whose name throws',
      'an error whose stack throws',
      'an error whose cause throws',
      'an error whose name is no string',
      'an error whose stack is no string',
      'an error without stack',
      'an error with a part that cannot be cloned',
      'an error with a cause that cannot be cloned',
      'a frozen error',
    ])('of %s the message is kept, and the daemon lives on', async (kind) => {
      const before = status().daemons.map(({ id }) => id);
      const error = await thrown(kind);
      expect(error.message).toContain('kept');
      expect(typeof error.name).toBe('string');
      if (kind.includes('part') || kind.includes('frozen')) expect(error.fine).toBe(1);
      expect(await mirai(values.add, [1, 2])).toBe(3);
      expect(status().daemons.map(({ id }) => id)).toEqual(before);
    });

    test.each(['a proxy whose traps throw', 'a proxy of an error whose traps throw', 'a revoked proxy'])(
      '%s, thrown or returned, is a MiraiError, and the daemon lives on',
      async (kind) => {
        const compute = 'hostile';
        await pool(engine, 1, { compute });
        for (const task of [errors.fail, errors.give]) {
          expect((await miraiError(() => mirai(task, [kind], { compute }))).message).toMatch(/\S/);
        }
        expect(await mirai(values.add, [1, 2], { compute })).toBe(3);
        expect(status(compute).daemons.map(({ id }) => id)).toEqual([1]);
      },
    );

    test('a cycle of causes, thrown or returned, is no more than the failure of its task', async () => {
      await pool(engine, 1, { compute: 'cycle' });
      const compute = 'cycle';
      const error = await miraiError(() => mirai(errors.fail, ['a cycle of causes'], { compute }));
      expect(error).toMatchObject({ message: 'outer', cause: { message: 'inner' } });
      await Promise.allSettled([mirai(errors.make, ['a cycle of causes'], { compute })]);
      expect(await mirai(values.add, [1, 2], { compute })).toBe(3);
      expect(status(compute).daemons.map(({ id }) => id)).toEqual([1]);
    });

    test('what an async task rejects with is the same as what it would throw', async () => {
      expect(await miraiError(() => mirai(errors.failLater, ['HttpError']))).toMatchObject({
        code: 'E_HTTP',
      });
      expect((await miraiError(() => mirai(errors.failLater, ['undefined']))).cause).toBeUndefined();
    });

    test('each failure is an error of its own', async () => {
      const [first, second] = await Promise.all([thrown('HttpError'), thrown('HttpError')]);
      expect(first).not.toBe(second);
      expect(first).toBeInstanceOf(MiraiError);
    });
  });
}
