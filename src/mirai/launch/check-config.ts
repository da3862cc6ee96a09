import { check } from '../../errors.js';

/** Milliseconds. */
const defaultTimeout = 60_000;

/** Longest delay of a timer; a longer one would fire at once. */
const longest = 2 ** 31 - 1;

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** @throws TypeError unless it is a text that can be an argument of a command and is not empty */
export function checkText(where: string, value: unknown, expected = 'a string that is not empty'): string {
  check(where, 'string', value, expected);
  const text = String(value);
  if (text !== '' && !text.includes('\0')) return text;
  throw new TypeError(`${where} must be ${expected}${text && ', without NUL'} (got ${shown(text)})`);
}

/** @throws TypeError unless it is an array of such texts */
export function checkTexts(where: string, value: unknown, expected: string): readonly string[] {
  if (!Array.isArray(value)) check(where, 'an array', value, expected);
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return list.map((each, index) => checkText(`${where}[${index}]`, each));
}

/** @throws TypeError, RangeError unless it is an integer in the bounds */
export function checkInteger(
  where: string,
  value: unknown,
  least: number,
  most: number,
  expected: string,
): number {
  check(where, 'number', value, expected);
  const number = Number(value);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new RangeError(`${where} must be ${expected} (got ${number})`);
}

/** How many daemons, or how often. */
export function checkCount(where: string, n: unknown = 1): number {
  return checkInteger(where, n, 1, 1_000_000, 'a positive integer');
}

/** Milliseconds that a timer can wait for. */
export function checkTimeout(where: string, timeout: unknown = defaultTimeout): number {
  const expected = `a number of milliseconds from 1 to ${longest}`;
  check(where, 'number', timeout, expected);
  const number = Number(timeout);
  if (number >= 1 && number <= longest) return number;
  throw new RangeError(`${where} must be ${expected} (got ${number})`);
}

/** @throws TypeError if it is given and is none of `values` */
export function checkChoice<T extends string>(where: string, value: unknown, values: readonly T[]): T {
  const found = values.find((each) => each === value);
  if (found !== undefined) return found;
  throw new TypeError(
    `${where} must be ${values.map((each) => `'${each}'`).join(', ')} (got ${shown(value)})`,
  );
}
