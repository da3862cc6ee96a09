import { describe, expect, test } from 'vitest';
import { stage } from './stage.js';

const direct = { direct: true };

describe('without a dispatcher', () => {
  test('jobs are dealt out in turn at their submission', () => {
    const { submit, decided } = stage(2, direct);
    for (const name of ['a', 'b', 'c', 'd']) submit(name);
    expect(decided()).toEqual(['send 1 a', 'send 2 b', 'send 1 c', 'send 2 d']);
  });

  test('the daemon with the fewest in hand comes first, then the one that was sent the fewest', () => {
    const { submit, decided, finish } = stage(2, direct);
    submit('a');
    finish(1, 'a');
    submit('b');
    submit('c');
    submit('d');
    finish(2, 'b');
    submit('e');
    expect(decided()).toEqual(['send 1 a', 'send 2 b', 'send 1 c', 'send 2 d', 'send 1 e']);
  });

  test('jobs do not change daemons', () => {
    const { submit, decided, join, retire, teachShort } = stage(1, direct);
    teachShort('short');
    for (const name of ['a', 'b', 'c']) submit(name, { kind: 'short' });
    decided();
    join(2);
    expect(decided()).toEqual([]);
    retire(1);
    expect(decided()).toEqual([]);
  });

  test('a daemon that is retired ends what it was dealt', () => {
    const { submit, everywhere, decided, retire, finish } = stage(1, direct);
    submit('a');
    submit('b', { pinned: true });
    everywhere('p');
    decided();
    retire(1);
    for (const name of ['a', 'b', 'p.1']) finish(1, name);
    expect(decided()).toEqual(['passed', 'leave 1']);
  });

  test('what a lost daemon had not started is dealt out again', () => {
    const { submit, decided, lose } = stage(2, direct);
    for (const name of ['a', 'b', 'c']) submit(name);
    decided();
    lose(1, 'a');
    expect(decided()).toEqual(['lose a', 'send 2 c']);
  });

  test('jobs wait where there is no daemon', () => {
    const { submit, everywhere, decided, join } = stage(0, direct);
    submit('a');
    everywhere('p');
    submit('b');
    expect(decided()).toEqual([]);
    join(1);
    expect(decided()).toEqual(['send 1 a', 'send 1 p.1', 'send 1 b']);
  });

  test('everywhere() does not hold back what was submitted later, on other daemons', () => {
    const { submit, everywhere, decided, finish } = stage(2, direct);
    submit('a');
    everywhere('p');
    submit('b');
    expect(decided()).toEqual(['send 1 a', 'send 1 p.1', 'send 2 p.2', 'send 2 b']);
    finish(2, 'p.2');
    finish(1, 'a');
    expect(decided()).toEqual([]);
    finish(1, 'p.1');
    expect(decided()).toEqual(['passed']);
  });

  test('a daemon that joins later runs its parts in order, and then gets jobs', () => {
    const { submit, everywhere, decided, finish, join } = stage(0, direct);
    everywhere('p');
    everywhere('q');
    join(1);
    everywhere('r');
    submit('a');
    expect(decided()).toEqual(['passed', 'passed', 'send 1 p.1']);
    finish(1, 'p.1');
    expect(decided()).toEqual(['send 1 q.1']);
    finish(1, 'q.1');
    expect(decided()).toEqual(['send 1 r.1', 'send 1 a']);
    finish(1, 'r.1');
    expect(decided()).toEqual(['passed']);
  });

  test('a part that was cancelled while it ran lets the barrier pass', () => {
    const { everywhere, decided, cancel, answer, finish } = stage(1, direct);
    everywhere('p', 1);
    cancel('p.1');
    answer(1, [], ['p.1']);
    finish(1, 'p.1');
    expect(decided()).toContain('passed');
  });
});
