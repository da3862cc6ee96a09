import { InvalidArgumentError } from 'commander';

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

type Unit = keyof typeof units;

/** Longest delay of a timer, in ms. */
const longest = 2 ** 31 - 1;

/** @returns a parser of times such as `500ms`, `30s`, `5m`, `1.5h`, which gives whole milliseconds */
export function time(unit: Unit): (text: string) => number {
  return (text) => {
    const [, digits, suffix = unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text) ?? [];
    const milliseconds = Math.round(Number(digits) * units[suffix as Unit]); // cast: the pattern has no others
    if (milliseconds >= 0 && milliseconds <= longest) return milliseconds;
    throw new InvalidArgumentError(
      `Expected a time up to 24 days, such as 500ms, 30s, 5m, 2h; a number alone is in ${unit}.`,
    );
  };
}

/** A time of which some has to pass. */
export function timeFrom1(unit: Unit): (text: string) => number {
  const parse = time(unit);
  return (text) => {
    const milliseconds = parse(text);
    if (milliseconds >= 1) return milliseconds;
    throw new InvalidArgumentError('Expected a time of at least 1ms.');
  };
}

export function positiveInteger(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('Expected a positive integer.');
}

export function port(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= 65_535) return number;
  throw new InvalidArgumentError('Expected a port from 1 to 65535.');
}

/** For options that may be given several times. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
