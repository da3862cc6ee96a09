import { expect } from 'vitest';
import { MiraiError, MiraiInterrupt } from './library.js';

/** What `start` throws, or what the promise that it returns rejects with. */
export async function failure(start: () => unknown): Promise<unknown> {
  try {
    await start();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

interface Failed extends Error {
  code: unknown;
  errors?: unknown;
  [property: string]: unknown;
}

/** The same where it must be a `MiraiError` and no other class of the library. */
export async function miraiError(start: () => unknown): Promise<Failed> {
  const error = await failure(start);
  expect(error).toBeInstanceOf(MiraiError);
  expect(error).toBeInstanceOf(Error);
  return error as Failed; // cast: it is, and what else it has is to be found out
}

/** The same where it must be a `MiraiInterrupt`. */
export async function interrupted(start: () => unknown): Promise<Failed> {
  const error = await failure(start);
  expect(error).toBeInstanceOf(MiraiInterrupt);
  expect(error).toMatchObject({ code: 'miraiInterrupt', name: 'MiraiInterrupt' });
  return error as Failed; // cast: as above
}
