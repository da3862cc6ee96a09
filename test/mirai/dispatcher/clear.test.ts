import { describe, expect, test } from 'vitest';
import { stage } from './stage.js';

describe('clear()', () => {
  test('returns what was not over, and nothing comes of it', () => {
    const { dispatcher, submit, everywhere, decided, finish, lose, cancel, answer } = stage(2, { memory: 4 });
    for (const name of ['a', 'b', 'c']) submit(name, { bytes: 3 });
    submit('d', { bytes: 3 });
    everywhere('p');
    submit('e', { bytes: 3 });
    cancel('a');
    finish(2, 'b');
    decided();
    const names = dispatcher.clear().map(({ job }) => job.name);
    expect(names.sort()).toEqual(['c', 'd', 'e', 'p.1', 'p.2']);
    answer(1, [], ['a']);
    finish(1, 'a');
    finish(2, 'c');
    lose(1, 'a');
    lose(2);
    expect(decided()).toEqual([]);
    expect(cancel('e')).toBe(false);
    expect(dispatcher.memory.used).toBe(0);
    expect(dispatcher.hasWaiting).toBe(false);
    expect(dispatcher.live).toBe(0);
    expect(dispatcher.hands().size).toBe(0);
    expect(dispatcher.counts).toEqual({ awaiting: 0, executing: 0, completed: 7 });
  });

  test('keeps the barriers that were passed, for daemons that join later', () => {
    const { dispatcher, everywhere, decided, join } = stage(0);
    everywhere('p');
    dispatcher.clear();
    join(1);
    expect(decided()).toEqual(['passed', 'send 1 p.1']);
    expect(dispatcher.counts.executing).toBe(1);
  });

  test('within a decision: nothing comes of what was told before', () => {
    const { react, dispatcher, submit, cancel, decided } = stage(2);
    submit('a');
    decided();
    react.send = () => {
      cancel('a');
      dispatcher.clear();
    };
    submit('b');
    expect(decided()).toEqual(['send 2 b']);
    expect(dispatcher.counts).toEqual({ awaiting: 0, executing: 0, completed: 2 });
  });

  test('within a decision: nothing comes of the rest of the event', () => {
    const { react, dispatcher, submit, retire, answer, join, decided, teachShort } = stage(1);
    teachShort('short');
    for (const name of ['a', 'b', 'c']) submit(name, { kind: 'short' });
    retire(1);
    join(2);
    decided();
    react.send = () => void dispatcher.clear();
    answer(1, ['b', 'c']);
    expect(decided()).toEqual(['send 2 b']);
    expect(dispatcher.hands().size).toBe(0);
    submit('d');
    expect(decided()).toEqual([]);
  });
});
