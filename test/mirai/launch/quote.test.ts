import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quote, quoteWithInput } from '../../../src/mirai/launch/quote.js';

/** What is special in some shell, and anything else. */
const character = fc.oneof(
  fc.constantFrom(...'\'"\\$`!*?[]{}()<>|&;#~= \t\n\r^%-'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((text) => text !== '\0'),
);
const word = fc.array(character, { maxLength: 12 }).map((characters) => characters.join(''));

function run(script: string): string {
  const { stdout, stderr, status } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout;
}

test('quote() - a shell reads any words back', () => {
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
      const read = run(`printf '%s\\0' ${quote(words)}`);
      expect(read.split('\0').slice(0, -1)).toEqual(words);
    }),
    { numRuns: 200 },
  );
});

test('quote() - a shell that is started by a shell reads them back too', () => {
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 3 }), (words) => {
      const inner = quote(['printf', '%s\\0', ...words]);
      expect(
        run(quote(['sh', '-c', inner]))
          .split('\0')
          .slice(0, -1),
      ).toEqual(words);
    }),
    { numRuns: 100 },
  );
});

test.each([
  [['npx', '--no', 'otel-mirai'], 'npx --no otel-mirai'],
  [
    ['nats://10.0.0.5:4222', '/srv/a_b.mjs', 'user@host,x+y'],
    'nats://10.0.0.5:4222 /srv/a_b.mjs user@host,x+y',
  ],
  [["it's"], String.raw`'it'\''s'`],
  [['', '$HOME', 'a b'], "'' '$HOME' 'a b'"],
  // The first word would be an assignment, in zsh a path, and a job.
  [['A=b', 'A=b', '=ls', '%1', '~'], "'A=b' A=b '=ls' '%1' '~'"],
])('quote(%j)', (words, text) => {
  expect(quote(words)).toBe(text);
});

test('quoteWithInput() - a command gets any lines as they are', () => {
  const line = fc.oneof(fc.constantFrom('EOF', 'EOF_', "EOF'", '$(exit 3)', '`exit 3`', '\\'), word);
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
      const input = lines.map((each) => `${each}\n`).join('');
      expect(run(`${quoteWithInput(['cat', '-'], input)}\n`)).toBe(input === '' ? '\n' : input);
    }),
    { numRuns: 200 },
  );
});
