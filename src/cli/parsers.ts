import { InvalidArgumentError } from 'commander';

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Longest delay of a timer, in ms. */
const longest = 2 ** 31 - 1;

/** What all commands say of times. */
export const timesHelp = `
Times: 500ms, 30s, 5m, 2h, 1d; a number alone is in seconds.`;

/** @returns whole milliseconds of a time such as `500ms`, `30s`, `5m`, `1.5h` */
export function time(text: string): number {
  const [, digits, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text) ?? [];
  const milliseconds = Math.round(Number(digits) * units[unit as keyof typeof units]); // cast: the pattern has no others
  if (milliseconds >= 0 && milliseconds <= longest) return milliseconds;
  throw new InvalidArgumentError(
    'Expected a time up to 24 days, such as 500ms, 30s, 5m, 2h; a number alone is in seconds.',
  );
}

/** A time of which some has to pass. */
export function timeFrom1(text: string): number {
  const milliseconds = time(text);
  if (milliseconds >= 1) return milliseconds;
  throw new InvalidArgumentError('Expected a time of at least 1ms.');
}

export function positiveInteger(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError('Expected a positive integer.');
}

export function concurrency(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= 1024) return number;
  throw new InvalidArgumentError('Expected an integer from 1 to 1024.');
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
