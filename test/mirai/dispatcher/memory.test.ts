import { describe, expect, test } from 'vitest';
import { stage } from './stage.js';

describe('memory', () => {
  test('is that of jobs that wait, until they run', () => {
    const { dispatcher, submit, finish } = stage(1, { memory: 10 });
    submit('a', { bytes: 4 });
    expect(dispatcher.memory).toEqual({ used: 0, peak: 4, capacity: 10 });
    submit('b', { bytes: 3 });
    submit('c', { bytes: 5 });
    expect(dispatcher.memory).toEqual({ used: 8, peak: 8, capacity: 10 });
    finish(1, 'a');
    finish(1, 'b');
    expect(dispatcher.memory).toEqual({ used: 0, peak: 8, capacity: 10 });
  });

  test('is that of jobs sent ahead, too', () => {
    const { dispatcher, submit, teachShort } = stage(1, { memory: 10 });
    teachShort('short');
    submit('a', { kind: 'short' });
    submit('b', { kind: 'short', bytes: 3 });
    expect(dispatcher.memory.used).toBe(3);
  });

  test('lets jobs in in order: none passes one that does not fit', () => {
    const { dispatcher, submit, decided, finish, join } = stage(0, { memory: 6 });
    submit('a', { bytes: 4 });
    submit('b', { bytes: 4 });
    submit('c', { bytes: 1 });
    expect(dispatcher.memory.used).toBe(4);
    expect(dispatcher.counts.awaiting).toBe(3);
    join(1);
    expect(dispatcher.memory.used).toBe(5);
    finish(1, 'a');
    finish(1, 'b');
    expect(decided()).toEqual(['send 1 a', 'send 1 b', 'send 1 c']);
  });

  test('lets a job in that is larger than all of it, when nothing else waits', () => {
    const { dispatcher, submit, finish, join } = stage(0, { memory: 6 });
    expect(dispatcher.admits(100)).toBe(true);
    submit('a', { bytes: 2 });
    submit('b', { bytes: 100 });
    expect(dispatcher.memory.used).toBe(2);
    join(1);
    expect(dispatcher.memory.used).toBe(100);
    finish(1, 'a');
    expect(dispatcher.memory).toEqual({ used: 0, peak: 100, capacity: 6 });
  });

  test('has room for what fits exactly, and not for more', () => {
    const { dispatcher, submit } = stage(0, { memory: 6 });
    submit('a', { bytes: 4 });
    expect(dispatcher.admits(2)).toBe(true);
    expect(dispatcher.admits(3)).toBe(false);
  });

  test('has no room while others wait for it', () => {
    const { dispatcher, submit } = stage(0, { memory: 6 });
    submit('a', { bytes: 4 });
    submit('b', { bytes: 4 });
    expect(dispatcher.admits(0)).toBe(false);
  });

  test('lets a barrier in after the jobs before it', () => {
    const { submit, everywhere, decided, finish } = stage(1, { memory: 6 });
    submit('a');
    submit('b', { bytes: 4 });
    submit('c', { bytes: 4 });
    everywhere('p');
    submit('d');
    for (const name of ['a', 'b', 'c', 'p.1']) finish(1, name);
    expect(decided()).toEqual(['send 1 a', 'send 1 b', 'send 1 c', 'send 1 p.1', 'passed', 'send 1 d']);
  });

  test('takes back what a lost daemon was running, even above its capacity', () => {
    const { dispatcher, submit, lose } = stage(1, { memory: 6 });
    submit('a', { bytes: 5, retries: 1 });
    submit('b', { bytes: 5 });
    submit('c', { bytes: 1 });
    lose(1, 'a');
    expect(dispatcher.memory.used).toBe(11);
    expect(dispatcher.admits(0)).toBe(false);
  });
});
