import { inspect } from 'node:util';

/** Whether it is an error; `false` for a proxy that does not let itself be asked. */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error;
  } catch {
    return false;
  }
}

/** What `read` gives, or `undefined` where it throws. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Shows a value in a message, whatever its getters do. */
export function describe(value: unknown): string {
  if (typeof value === 'string')
    return JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}…` : value);
  try {
    if (typeof value === 'function') return value.name ? `function ${value.name}` : 'a function';
    if (Object(value) !== value) return String(value);
    return inspect(value, {
      depth: 1,
      breakLength: Number.POSITIVE_INFINITY,
      maxArrayLength: 5,
      maxStringLength: 80,
    }).slice(0, 200);
  } catch {
    return 'an object that cannot be shown';
  }
}
