import { readFileSync } from 'node:fs';
import { exitCodes, Failure } from './exit.js';

/** What the file of an option holds. @throws Failure if it cannot be read */
export function fileOf(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure(exitCodes.usage, `option '${option}': ${why}`);
  }
}
