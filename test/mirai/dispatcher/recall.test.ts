import { describe, expect, test } from 'vitest';
import { stage } from './stage.js';

const short = { kind: 'short' };

/** Daemon 1 has a, b, c, d and e in hand, and 2 nothing. */
function fiveInOneHand() {
  const all = stage(1);
  all.teachShort('short');
  for (const name of ['a', 'b', 'c', 'd', 'e']) all.submit(name, short);
  all.decided();
  return all;
}

describe('what was sent ahead is asked back', () => {
  test('when a daemon is idle: the later half', () => {
    const { join, decided, answer } = fiveInOneHand();
    join(2);
    expect(decided()).toEqual(['recall 1 d,e']);
    answer(1, ['d', 'e']);
    expect(decided()).toEqual(['send 2 d', 'send 2 e']);
  });

  test('the last one too', () => {
    const { submit, join, decided, answer, teachShort } = stage(1);
    teachShort('short');
    submit('a', short);
    submit('b', short);
    decided();
    join(2);
    expect(decided()).toEqual(['recall 1 b']);
    answer(1, ['b']);
    expect(decided()).toEqual(['send 2 b']);
  });

  test('though a barrier waits', () => {
    const { everywhere, join, decided, finish, answer } = fiveInOneHand();
    everywhere('p');
    join(2);
    expect(decided()).toEqual(['send 2 p.2']);
    finish(2, 'p.2');
    expect(decided()).toEqual(['recall 1 d,e']);
    answer(1, ['d', 'e']);
    expect(decided()).toEqual(['send 2 d', 'send 2 e']);
  });

  test('each one once, while the answers are on their way', () => {
    const { join, decided } = fiveInOneHand();
    join(2);
    decided();
    join(3);
    expect(decided()).toEqual(['recall 1 c']);
    join(4);
    expect(decided()).toEqual(['recall 1 b']);
    join(5);
    expect(decided()).toEqual([]);
  });

  test('never again when it has started, though the end of the one before is not known yet', () => {
    const { react, dispatcher, clock, join, decided } = fiveInOneHand();
    react.recall = (daemon, asked) => dispatcher.recalled(daemon, asked, new Set(), clock.now);
    join(2);
    expect(decided()).toEqual(['recall 1 d,e', 'recall 1 c', 'recall 1 b']);
    join(3);
    expect(decided()).toEqual([]);
  });

  test('from the next daemon, too', () => {
    const { join, decided, answer, finish } = fiveInOneHand();
    join(2);
    answer(1, ['d', 'e']);
    decided();
    finish(1, 'a', 0.01);
    finish(1, 'b', 0.01);
    finish(1, 'c', 0.01);
    expect(decided()).toEqual(['recall 2 e']);
    answer(2, ['e']);
    expect(decided()).toEqual(['send 1 e']);
  });

  test('when it waits behind one that turns out to be long, to start in the order of submission', () => {
    const { clock, submit, decided, finish, answer, teachShort } = stage(2);
    teachShort('short');
    submit('other');
    for (const name of ['a', 'b', 'c']) submit(name, short);
    submit('later');
    expect(decided()).toEqual(['send 2 other', 'send 1 a', 'send 1 b', 'send 1 c']);
    clock.now = 10;
    finish(2, 'other', 10);
    expect(decided()).toEqual(['recall 1 b,c', 'send 2 later']);
    answer(1, ['b', 'c']);
    finish(2, 'later', 1);
    expect(decided()).toEqual(['send 2 b', 'send 2 c']);
  });

  test('but not while the one before it may still be short', () => {
    const { clock, submit, decided, finish, teachShort } = stage(2);
    teachShort('short');
    submit('other');
    for (const name of ['a', 'b', 'c']) submit(name, short);
    submit('later');
    decided();
    clock.now = 1.5;
    finish(2, 'other', 1.5);
    expect(decided()).toEqual(['send 2 later']);
  });

  test('unless it ends before the answer', () => {
    const { dispatcher, submit, join, decided, finish, answer, teachShort } = stage(1);
    teachShort('short');
    submit('a', short);
    submit('b', short);
    join(2);
    finish(1, 'a', 0.01);
    finish(1, 'b', 0.01);
    answer(1, [], ['b']);
    expect(decided()).toEqual(['send 1 a', 'send 1 b', 'recall 1 b']);
    expect(dispatcher.counts).toEqual({ awaiting: 0, executing: 0, completed: 3 });
  });

  test('and counts as waiting again, even where it had seemed to run', () => {
    const { dispatcher, submit, join, decided, finish, answer, retire, teachShort } = stage(1, { memory: 8 });
    teachShort('short');
    submit('a', short);
    submit('b', { ...short, bytes: 5 });
    join(2);
    submit('c');
    finish(1, 'a', 0.01);
    expect(dispatcher.memory.used).toBe(0);
    retire(1);
    answer(1, ['b']);
    expect(decided().slice(2)).toEqual(['recall 1 b', 'send 2 c', 'leave 1']);
    expect(dispatcher.counts).toEqual({ awaiting: 1, executing: 1, completed: 2 });
    expect(dispatcher.memory.used).toBe(5);
    finish(2, 'c');
    expect(decided()).toEqual(['send 2 b']);
  });
});
