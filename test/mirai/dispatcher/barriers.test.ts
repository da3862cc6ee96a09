import { describe, expect, test } from 'vitest';
import { stage } from './stage.js';

const short = { kind: 'short' };

describe('everywhere()', () => {
  test('runs a part on each daemon, once it is idle', () => {
    const { submit, everywhere, decided, finish } = stage(3);
    submit('a');
    everywhere('p');
    expect(decided()).toEqual(['send 1 a', 'send 2 p.2', 'send 3 p.3']);
    finish(1, 'a');
    expect(decided()).toEqual(['send 1 p.1']);
  });

  test('starts after what was submitted before', () => {
    const { submit, everywhere, decided, finish } = stage(1);
    submit('a');
    submit('b');
    everywhere('p');
    finish(1, 'a');
    finish(1, 'b');
    expect(decided()).toEqual(['send 1 a', 'send 1 b', 'send 1 p.1']);
  });

  test('is passed, and lets later jobs start, when all parts have ended', () => {
    const { submit, everywhere, decided, finish } = stage(2);
    everywhere('p');
    submit('a');
    decided();
    finish(2, 'p.2');
    expect(decided()).toEqual([]);
    finish(1, 'p.1');
    expect(decided()).toEqual(['passed', 'send 2 a']);
  });

  test('lets nothing be sent ahead that was submitted later', () => {
    const { submit, everywhere, decided, finish, teachShort } = stage(2);
    teachShort('short');
    everywhere('p', 0, short);
    submit('a', short);
    finish(2, 'p.2', 0.01);
    expect(decided()).toEqual(['send 2 p.2', 'send 1 p.1']);
  });

  test('is passed at once with no daemon, and with no minimum', () => {
    const { everywhere, decided } = stage(0);
    everywhere('p');
    expect(decided()).toEqual(['passed']);
  });

  test('waits for as many daemons as it is to run on at least', () => {
    const { dispatcher, submit, everywhere, decided, finish, join } = stage(1);
    everywhere('p', 2);
    submit('a');
    finish(1, 'p.1');
    expect(decided()).toEqual(['send 1 p.1']);
    expect(dispatcher.hasWaiting).toBe(true);
    join(2);
    finish(2, 'p.2');
    expect(decided()).toEqual(['send 2 p.2', 'passed', 'send 1 a']);
  });

  test('runs on a daemon that joins while it waits', () => {
    const { submit, everywhere, decided, finish, join } = stage(1);
    submit('a');
    everywhere('p');
    join(2);
    finish(2, 'p.2');
    finish(1, 'a');
    finish(1, 'p.1');
    expect(decided()).toEqual(['send 1 a', 'send 2 p.2', 'send 1 p.1', 'passed']);
  });

  test('runs on a daemon that joins later, before anything else, and is not passed again', () => {
    const { submit, everywhere, decided, finish, join } = stage(1);
    everywhere('p');
    finish(1, 'p.1');
    submit('a');
    submit('b');
    decided();
    join(2);
    expect(decided()).toEqual(['send 2 p.2']);
    finish(2, 'p.2');
    expect(decided()).toEqual(['send 2 b']);
  });

  test('runs all parts in order on a daemon that joins later, with nothing sent ahead between them', () => {
    const { submit, everywhere, decided, finish, join, teachShort } = stage(1);
    teachShort('short');
    everywhere('p', 0, short);
    finish(1, 'p.1', 0.01);
    everywhere('q', 0, short);
    finish(1, 'q.1', 0.01);
    submit('long');
    decided();
    join(2);
    submit('a', short);
    expect(decided()).toEqual(['send 2 p.2']);
    finish(2, 'p.2', 0.01);
    expect(decided()).toEqual(['send 2 q.2', 'send 2 a']);
  });

  test('goes on without a daemon that is lost in the middle', () => {
    const { submit, everywhere, decided, lose, finish } = stage(2);
    everywhere('p');
    submit('a');
    finish(1, 'p.1');
    decided();
    lose(2, 'p.2');
    expect(decided()).toEqual(['lose p.2', 'passed', 'send 1 a']);
  });

  test('goes on without a daemon that is lost before its part, which is lost', () => {
    const { submit, everywhere, decided, lose, finish } = stage(2);
    submit('a');
    submit('b');
    everywhere('p');
    decided();
    lose(2, 'b');
    expect(decided()).toEqual(['lose b', 'lose p.2']);
    finish(1, 'a');
    finish(1, 'p.1');
    expect(decided()).toEqual(['send 1 p.1', 'passed']);
  });

  test('loses the parts that a late joiner had before it', () => {
    const { everywhere, decided, lose, join } = stage(0);
    everywhere('p');
    everywhere('q');
    join(1);
    decided();
    lose(1, 'p.1');
    expect(decided()).toEqual(['lose p.1', 'lose q.1']);
  });

  test('does not try parts again', () => {
    const { everywhere, decided, lose } = stage(1);
    everywhere('p', 0, { retries: 3 });
    decided();
    lose(1, 'p.1');
    expect(decided()).toEqual(['lose p.1', 'passed']);
  });

  test('is the last that a daemon does that was retired', () => {
    const { submit, everywhere, decided, finish, retire } = stage(2);
    submit('a');
    submit('b');
    submit('c');
    everywhere('p');
    retire(1);
    decided();
    finish(1, 'a');
    expect(decided()).toEqual(['send 1 p.1']);
    finish(1, 'p.1');
    expect(decided()).toEqual(['leave 1']);
  });

  test('leaves out a daemon that has been told to leave', () => {
    const { everywhere, decided, retire, finish } = stage(2);
    retire(1);
    everywhere('p');
    finish(2, 'p.2');
    expect(decided()).toEqual(['leave 1', 'send 2 p.2', 'passed']);
  });

  test('counts a part that was cancelled as ended', () => {
    const { dispatcher, clock, submit, everywhere, decided, finish } = stage(1);
    submit('a');
    const barrier = everywhere('p', 1);
    submit('b');
    const part = barrier.open.get(1);
    expect(part && dispatcher.cancel(part, clock.now)).toBe(true);
    finish(1, 'a');
    expect(decided()).toEqual(['send 1 a', 'passed', 'send 1 b']);
  });

  test('counts its parts among the jobs, and their bytes nowhere', () => {
    const { dispatcher, everywhere, finish } = stage(2, { memory: 1 });
    everywhere('p', 0, { bytes: 100 });
    expect(dispatcher.counts).toEqual({ awaiting: 0, executing: 2, completed: 0 });
    expect(dispatcher.memory).toMatchObject({ used: 0, peak: 0 });
    finish(1, 'p.1');
    expect(dispatcher.counts).toEqual({ awaiting: 0, executing: 1, completed: 1 });
    expect(dispatcher.hands().get(1)?.completed).toBe(1);
  });
});
