import { describe, expect, test } from 'vitest';
import { stage } from './stage.js';

const short = { kind: 'short' };

describe('cancel()', () => {
  test('takes out a job that waits', () => {
    const { dispatcher, submit, decided, cancel, finish } = stage(1, { memory: 10 });
    submit('a');
    submit('b', { bytes: 3 });
    submit('c');
    expect(cancel('b')).toBe(true);
    expect(dispatcher.memory.used).toBe(0);
    expect(dispatcher.counts).toEqual({ awaiting: 1, executing: 1, completed: 1 });
    finish(1, 'a');
    expect(decided()).toEqual(['send 1 a', 'send 1 c']);
  });

  test('asks for a job that was sent ahead, and forgets it when it is given back', () => {
    const { submit, decided, cancel, answer, finish, teachShort } = stage(1);
    teachShort('short');
    submit('a', short);
    submit('b', short);
    decided();
    expect(cancel('b')).toBe(true);
    expect(decided()).toEqual(['recall 1 b']);
    answer(1, ['b']);
    finish(1, 'a', 0.01);
    expect(decided()).toEqual([]);
  });

  test('asks for the end of a job that has started', () => {
    const { dispatcher, submit, decided, cancel, answer, finish } = stage(1);
    submit('a');
    cancel('a');
    expect(decided()).toEqual(['send 1 a', 'recall 1 a']);
    expect(dispatcher.counts).toEqual({ awaiting: 0, executing: 0, completed: 1 });
    answer(1, [], ['a']);
    expect(decided()).toEqual(['abort 1 a']);
    submit('b');
    expect(decided()).toEqual([]);
    finish(1, 'a');
    expect(decided()).toEqual(['send 1 b']);
    expect(dispatcher.counts).toEqual({ awaiting: 0, executing: 1, completed: 1 });
  });

  test('asks for nothing again: neither what is asked for nor what is known to have started', () => {
    const { submit, decided, cancel, answer, join, teachShort } = stage(1);
    teachShort('short');
    for (const name of ['a', 'b', 'c']) submit(name, short);
    decided();
    join(2);
    expect(decided()).toEqual(['recall 1 c']);
    cancel('c');
    expect(decided()).toEqual(['recall 1 b']);
    answer(1, [], ['c']);
    expect(decided()).toEqual(['abort 1 c']);
    answer(1, [], ['b']);
    cancel('b');
    expect(decided()).toEqual(['abort 1 b']);
  });

  test('says false of a job that is over, whatever became of it', () => {
    const { dispatcher, submit, cancel, finish, lose } = stage(2);
    for (const name of ['a', 'b', 'c']) submit(name);
    finish(1, 'a');
    lose(2, 'b');
    cancel('c');
    for (const name of ['a', 'b', 'c']) expect(cancel(name)).toBe(false);
    expect(dispatcher.counts).toEqual({ awaiting: 0, executing: 0, completed: 3 });
  });

  test('lets in what waited for memory behind a job', () => {
    const { dispatcher, submit, cancel } = stage(0, { memory: 6 });
    submit('a', { bytes: 5 });
    submit('b', { bytes: 5 });
    submit('c', { bytes: 1 });
    expect(dispatcher.memory.used).toBe(5);
    cancel('b');
    expect(dispatcher.memory.used).toBe(6);
    expect(dispatcher.admits(1)).toBe(false);
    expect(dispatcher.admits(0)).toBe(true);
  });

  test('counts once where it is called within a decision', () => {
    const { react, dispatcher, submit, ticket, clock, decided } = stage(0);
    const said: boolean[] = [];
    submit('a');
    submit('b');
    react.send = () => said.push(...[1, 2].map(() => dispatcher.cancel(ticket('b'), clock.now)));
    dispatcher.join(1, clock.now);
    expect(said).toEqual([true, false]);
    expect(decided()).toEqual(['send 1 a']);
    expect(dispatcher.counts).toEqual({ awaiting: 0, executing: 1, completed: 1 });
  });

  test('keeps a job from being lost where it is called when another one is', () => {
    const { react, dispatcher, submit, lose, cancel, decided } = stage(1, { direct: true });
    submit('a');
    submit('b', { pinned: true });
    decided();
    react.lose = () => void cancel('b');
    lose(1, 'a');
    expect(decided()).toEqual(['lose a']);
    expect(dispatcher.counts).toEqual({ awaiting: 0, executing: 0, completed: 2 });
  });
});
