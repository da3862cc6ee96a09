/** A module of tasks, as a user has one: all that can be exported, not only what can be a task. */
export function add(a: number, b: number): number {
  return a + b;
}

export async function load(path: string, limit = 10): Promise<{ path: string; rows: string[] }> {
  return { path, rows: Array.from({ length: limit }, () => path) };
}

export function thenable(text: string): PromiseLike<boolean> {
  return Promise.resolve(text !== '');
}

export const join = (separator: string, ...parts: string[]): string => parts.join(separator);

export function nothing(): void {}

export function fail(reason: string): never {
  throw new Error(reason);
}

export function maybe(flag?: boolean): number | undefined {
  return flag ? 1 : undefined;
}

export function identity<T>(value: T): T {
  return value;
}

export function longest<T extends { length: number }>(values: readonly T[]): T | undefined {
  return [...values].sort((a, b) => b.length - a.length)[0];
}

export function parse(text: string): number;
export function parse(bytes: Uint8Array, offset: number): bigint;
export function parse(input: string | Uint8Array, offset = 0): number | bigint {
  return typeof input === 'string' ? Number(input) : BigInt(input[offset] ?? 0);
}

export function* count(to: number): Generator<number> {
  for (let n = 0; n < to; n++) yield n;
}

export async function* pages(to: number): AsyncGenerator<number> {
  yield* count(to);
}

export class Shop {
  readonly name = 'shop';
}

export const limit = 10;
export const settings = { limit };
export interface Row {
  id: number;
}

// biome-ignore lint/style/noDefaultExport: it is an export as any other.
export default function byDefault(id: number): Row {
  return { id };
}
