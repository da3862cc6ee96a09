import { check } from '../../errors.js';

/** A value for JSON. */
export type JsonTemplate =
  | string
  | number
  | boolean
  | null
  | readonly JsonTemplate[]
  | { readonly [name: string]: JsonTemplate };

/** A template with `'.'` for the command of a daemon, or what makes a body of the command. */
export type HttpBody =
  | readonly JsonTemplate[]
  | { readonly [name: string]: JsonTemplate }
  | ((command: string) => string);

const expected = "a function, or a value for JSON with '.' for the command of the daemon";

/** @throws TypeError if it is none, or a template without a place for the command */
export function checkBody(where: string, body: unknown): void {
  if (typeof body === 'function') return;
  if (typeof body !== 'object' || body === null) check(where, 'function', body, expected);
  let places = 0;
  inserted(where, body, () => {
    places++;
    return '';
  });
  if (places === 0) throw new TypeError(`${where} must be ${expected} (got no '.')`);
}

/** @throws TypeError if a function returns no string */
export function bodyOf(where: string, body: HttpBody, command: string): string {
  if (typeof body !== 'function') return inserted(where, body, () => command);
  const text: unknown = body(command);
  check(where, 'string', text, 'a function that returns a string');
  return String(text);
}

function inserted(where: string, body: unknown, command: () => string): string {
  try {
    return JSON.stringify(body, (_, value: unknown) => (value === '.' ? command() : value));
  } catch (cause) {
    throw new TypeError(`${where} must be ${expected}`, { cause }); // a cycle, or a bigint
  }
}
