import { MiraiError } from '../errors.js';
import type { DaemonStart } from '../protocol/messages.js';

/** Loads the setup module. @throws MiraiError if it fails */
export async function prepare({ setup }: DaemonStart): Promise<void> {
  try {
    if (setup !== undefined) await import(/* webpackIgnore: true */ /* @vite-ignore */ setup);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MiraiError(`the setup module ${setup} failed: ${why}`, { cause });
  }
}
