import { describe, expect, test } from 'vitest';
import { stage } from './stage.js';

const short = { kind: 'short' };

describe('jobs start in the order of submission', () => {
  test('each on a daemon that is idle, the rest when one gets idle', () => {
    const { submit, decided, finish } = stage(2);
    for (const name of ['a', 'b', 'c', 'd']) submit(name);
    expect(decided()).toEqual(['send 1 a', 'send 2 b']);
    finish(2, 'b');
    finish(1, 'a');
    expect(decided()).toEqual(['send 2 c', 'send 1 d']);
  });

  test('on the daemon that has been idle for longest', () => {
    const { submit, decided, finish } = stage(2);
    submit('a');
    finish(1, 'a');
    submit('b');
    submit('c');
    expect(decided()).toEqual(['send 1 a', 'send 2 b', 'send 1 c']);
  });

  test('when the first daemon joins, if there is none', () => {
    const { dispatcher, submit, decided, join } = stage(0);
    submit('a');
    submit('b');
    expect(decided()).toEqual([]);
    expect(dispatcher.hasWaiting).toBe(true);
    join(1);
    expect(decided()).toEqual(['send 1 a']);
  });

  test('what comes back from a lost daemon is before what was submitted later', () => {
    const { submit, decided, lose, finish } = stage(2);
    submit('a', { retries: 1 });
    submit('b');
    submit('c');
    lose(1, 'a');
    decided();
    finish(2, 'b');
    finish(2, 'a');
    expect(decided()).toEqual(['send 2 a', 'send 2 c']);
  });
});

describe('jobs are sent ahead', () => {
  test('behind others where they are known to be short', () => {
    const { submit, decided, teachShort } = stage(1);
    teachShort('short');
    for (const name of ['a', 'b', 'c']) submit(name, short);
    expect(decided()).toEqual(['send 1 a', 'send 1 b', 'send 1 c']);
  });

  test('to the daemon with the fewest in hand', () => {
    const { submit, decided, teachShort } = stage(2);
    teachShort('short');
    for (const name of ['a', 'b', 'c', 'd']) submit(name, short);
    expect(decided()).toEqual(['send 2 a', 'send 1 b', 'send 1 c', 'send 2 d']);
  });

  test('for no more than a millisecond of work', () => {
    const { submit, decided, teachShort } = stage(1);
    teachShort('short');
    for (let count = 0; count < 300; count++) submit(`a${count}`, short);
    expect(decided()).toHaveLength(100);
  });

  test('never more than 256', () => {
    const { submit, decided, finish } = stage(1);
    submit('teacher', { kind: 'shortest' });
    finish(1, 'teacher', 0);
    decided();
    for (let count = 0; count < 600; count++) submit(`a${count}`, { kind: 'shortest' });
    expect(decided().length).toBeLessThanOrEqual(256);
  });

  test('together, when half of those sent before are done', () => {
    const { submit, decided, teachShort, finish } = stage(1);
    teachShort('short');
    for (let count = 0; count < 200; count++) submit(`a${count}`, short);
    decided();
    for (let count = 0; count < 49; count++) finish(1, `a${count}`, 0.01);
    expect(decided()).toEqual([]);
    finish(1, 'a49', 0.01);
    expect(decided()).toHaveLength(50);
  });

  test.each([
    ['of an unknown kind', { kind: 'unknown' }],
    ['known to be long', { kind: 'long' }],
    ['pinned', { ...short, pinned: true }],
  ])('not those that are %s', (_what, job) => {
    const { submit, decided, teachShort, finish } = stage(1);
    submit('teacher', { kind: 'long' });
    finish(1, 'teacher', 20);
    teachShort('short');
    submit('a', short);
    submit('b', job);
    submit('c', short);
    expect(decided()).toEqual(['send 1 a']);
  });

  test.each(['unknown', 'long'])('nothing behind one that is %s', (kind) => {
    const { submit, decided, teachShort, finish } = stage(1);
    submit('teacher', { kind: 'long' });
    finish(1, 'teacher', 20);
    teachShort('short');
    submit('a', { kind });
    submit('b', short);
    expect(decided()).toEqual(['send 1 a']);
  });

  test('no more behind one that has been running for too long', () => {
    const { clock, submit, decided, teachShort } = stage(1);
    teachShort('short');
    submit('a', short);
    clock.now = 10;
    submit('b', short);
    expect(decided()).toEqual(['send 1 a']);
  });

  test('behind one that has just become the first, whatever the one before took', () => {
    const { clock, submit, decided, teachShort, finish } = stage(1);
    teachShort('short');
    submit('a', short);
    submit('b', short);
    clock.now = 1.5;
    finish(1, 'a', 0.01);
    clock.now = 3;
    submit('c', short);
    expect(decided()).toEqual(['send 1 a', 'send 1 b', 'send 1 c']);
  });

  test('no more of a kind of which one took long', () => {
    const { submit, decided, teachShort, finish } = stage(1);
    teachShort('short');
    submit('a', short);
    finish(1, 'a', 1.2);
    submit('b', short);
    submit('c', short);
    expect(decided()).toEqual(['send 1 a', 'send 1 b']);
  });

  test('whatever those took that were cancelled', () => {
    const { submit, decided, cancel, finish, answer } = stage(1);
    submit('a', short);
    cancel('a');
    answer(1, [], ['a']);
    finish(1, 'a', 0.01);
    decided();
    submit('b', short);
    submit('c', short);
    expect(decided()).toEqual(['send 1 b']);
  });
});
