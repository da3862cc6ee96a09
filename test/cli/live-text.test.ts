import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { LiveText } from '../../src/cli/live-text.js';

const start = '\u001b\\[';
const sequence = new RegExp(`^${start}(\\d*)([A-Z])$`);
const tokens = new RegExp(`${start}\\d*[A-Z]|[^]`, 'gu');

/** What a terminal shows of what was written: it knows the few sequences that are used. */
class Screen {
  lines: string[] = [''];
  #row = 0;
  #column = 0;

  write(text: string): void {
    for (const [token] of text.matchAll(tokens)) this.#take(token);
  }

  #take(token: string): void {
    const [, count = '', letter] = sequence.exec(token) ?? [];
    if (letter === 'A') this.#row = Math.max(this.#row - Number(count || 1), 0);
    else if (letter === 'D') this.#column = Math.max(this.#column - Number(count || 1), 0);
    else if (letter === 'J') this.#clearDown();
    else if (letter !== undefined) throw new Error(`unknown: ${JSON.stringify(token)}`);
    else if (token === '\n') {
      this.#row++;
      this.#column = 0;
      this.lines[this.#row] ??= '';
    } else {
      const line = this.lines[this.#row] ?? '';
      this.lines[this.#row] =
        line.slice(0, this.#column).padEnd(this.#column) + token + line.slice(this.#column + 1);
      this.#column++;
    }
  }

  #clearDown(): void {
    this.lines = this.lines.slice(0, this.#row + 1);
    this.lines[this.#row] = (this.lines[this.#row] ?? '').slice(0, this.#column);
  }
}

function terminal(size: { rows?: number; columns?: number } = {}) {
  const screen = new Screen();
  const output = Object.assign(new PassThrough(), { isTTY: true, ...size });
  output.on('data', (data) => screen.write(String(data)));
  return { screen, live: new LiveText(output) };
}

test('LiveText - a text takes the place of the one before on a terminal', () => {
  const { screen, live } = terminal();
  live.show('one\ntwo long\nthree');
  expect(screen.lines).toEqual(['one', 'two long', 'three', '']);
  live.show('1\n2');
  expect(screen.lines).toEqual(['1', '2', '']);
  live.show('a\nb\nc\nd');
  expect(screen.lines).toEqual(['a', 'b', 'c', 'd', '']);
});

test('LiveText - what does not fit on a terminal is cut, as one cannot go back over it', () => {
  const { screen, live } = terminal({ rows: 4, columns: 6 });
  for (let time = 0; time < 2; time++) {
    live.show('123456789\n2\n3\n4\n5');
    expect(screen.lines).toEqual(['12345', '2', '… 3 more lines'.slice(0, 14), '']);
  }
});

test('LiveText - elsewhere texts follow each other, without control characters', () => {
  const output = new PassThrough();
  const live = new LiveText(output);
  live.show('one\ntwo');
  live.show('three');
  expect(String(output.read())).toBe('one\ntwo\n\nthree\n\n');
});
