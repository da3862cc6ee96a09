import { describe, expect, test } from 'vitest';
import { stage } from './stage.js';

const short = { kind: 'short' };

describe('a daemon that is lost', () => {
  test('loses the job that it was running', () => {
    const { dispatcher, submit, decided, lose } = stage(1);
    submit('a');
    lose(1, 'a');
    expect(decided()).toEqual(['send 1 a', 'lose a']);
    expect(dispatcher.counts).toEqual({ awaiting: 0, executing: 0, completed: 1 });
    expect(dispatcher.hands().size).toBe(0);
  });

  test('leaves what it had not started to others, in the order of submission', () => {
    const { submit, decided, lose, join, teachShort } = stage(1);
    teachShort('short');
    for (const name of ['a', 'b', 'c']) submit(name, short);
    decided();
    lose(1, 'a');
    expect(decided()).toEqual(['lose a']);
    join(2);
    expect(decided()).toEqual(['send 2 b', 'send 2 c']);
  });

  test('has its job tried again as often as it may', () => {
    const { submit, decided, lose, join } = stage(1);
    submit('a', { retries: 2 });
    lose(1, 'a');
    join(2);
    lose(2, 'a');
    join(3);
    lose(3, 'a');
    expect(decided()).toEqual(['send 1 a', 'send 2 a', 'send 3 a', 'lose a']);
  });

  test('is not to blame for a job that it had not started', () => {
    const { submit, decided, lose, join } = stage(1);
    submit('a');
    lose(1);
    join(2);
    expect(decided()).toEqual(['send 1 a', 'send 2 a']);
  });

  test('loses a pinned job, started or not, with any number of tries', () => {
    const { submit, decided, lose } = stage(1, { direct: true });
    submit('a', { pinned: true, retries: 3 });
    submit('b', { pinned: true, retries: 3 });
    decided();
    lose(1, 'a');
    expect(decided()).toEqual(['lose a', 'lose b']);
  });

  test('loses no job that was cancelled', () => {
    const { submit, decided, cancel, lose } = stage(1);
    submit('a');
    cancel('a');
    decided();
    lose(1, 'a');
    expect(decided()).toEqual([]);
  });

  test('is not listened to any more', () => {
    const { dispatcher, submit, decided, lose, join, finish, answer } = stage(1);
    submit('a', { retries: 1 });
    lose(1, 'a');
    join(2);
    finish(1, 'a');
    answer(1, ['a']);
    lose(1, 'a');
    expect(decided()).toEqual(['send 1 a', 'send 2 a']);
    expect(dispatcher.counts).toEqual({ awaiting: 0, executing: 1, completed: 0 });
  });
});

describe('a daemon that is retired', () => {
  test('leaves at once when it is idle, and is told once', () => {
    const { submit, decided, retire } = stage(1);
    retire(1);
    retire(1);
    submit('a');
    expect(decided()).toEqual(['leave 1']);
  });

  test('ends what it runs, gives back the rest, and leaves', () => {
    const { submit, decided, retire, answer, finish, join, teachShort } = stage(1);
    teachShort('short');
    for (const name of ['a', 'b', 'c']) submit(name, short);
    decided();
    retire(1);
    expect(decided()).toEqual(['recall 1 b,c']);
    answer(1, ['b', 'c']);
    finish(1, 'a', 0.01);
    expect(decided()).toEqual(['leave 1']);
    join(2);
    expect(decided()).toEqual(['send 2 b', 'send 2 c']);
  });

  test('ends what it has started meanwhile', () => {
    const { submit, decided, retire, answer, finish, teachShort } = stage(1);
    teachShort('short');
    submit('a', short);
    submit('b', short);
    retire(1);
    answer(1, [], ['b']);
    finish(1, 'a', 0.01);
    expect(decided()).toEqual(['send 1 a', 'send 1 b', 'recall 1 b']);
    finish(1, 'b', 0.01);
    expect(decided()).toEqual(['leave 1']);
  });
});

describe('maxTasks', () => {
  test('is how many jobs a daemon is sent before it leaves', () => {
    const { submit, decided, finish } = stage(1, { maxTasks: 2 });
    for (const name of ['a', 'b', 'c']) submit(name);
    finish(1, 'a');
    finish(1, 'b');
    expect(decided()).toEqual(['send 1 a', 'send 1 b', 'leave 1']);
  });

  test('holds for what is sent ahead', () => {
    const { submit, decided, teachShort } = stage(1, { maxTasks: 3 });
    teachShort('short');
    for (const name of ['a', 'b', 'c']) submit(name, short);
    expect(decided()).toEqual(['send 1 a', 'send 1 b']);
  });

  test('does not count what was given back', () => {
    const { submit, decided, join, answer, finish, teachShort } = stage(1, { maxTasks: 3 });
    teachShort('short');
    submit('a', short);
    submit('b', short);
    join(2);
    answer(1, ['b']);
    decided();
    submit('c');
    finish(1, 'a', 0.01);
    expect(decided()).toEqual(['send 1 c']);
    finish(1, 'c');
    expect(decided()).toEqual(['leave 1']);
  });

  test('does not count parts of barriers', () => {
    const { submit, everywhere, decided, finish } = stage(1, { maxTasks: 1 });
    everywhere('p');
    finish(1, 'p.1');
    submit('a');
    everywhere('q');
    finish(1, 'a');
    finish(1, 'q.1');
    expect(decided()).toEqual(['send 1 p.1', 'passed', 'send 1 a', 'send 1 q.1', 'leave 1', 'passed']);
  });
});

test('a daemon ends nothing that it has not got in hand', () => {
  const { dispatcher, submit, finish } = stage(2);
  submit('a');
  submit('b');
  submit('c');
  finish(2, 'a');
  finish(1, 'c');
  expect(dispatcher.counts).toEqual({ awaiting: 1, executing: 2, completed: 0 });
});

test('hands() says what each daemon has in hand and has done', () => {
  const { dispatcher, submit, finish } = stage(2);
  for (const name of ['a', 'b', 'c']) submit(name);
  finish(1, 'a');
  const hands = [...dispatcher.hands()].map(([daemon, { tickets, completed }]) => {
    return [daemon, tickets.map(({ job }) => job.name), completed];
  });
  expect(hands).toEqual([
    [1, ['c'], 1],
    [2, ['b'], 0],
  ]);
});
