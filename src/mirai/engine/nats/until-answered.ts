import { setTimeout as delay } from 'node:timers/promises';
import { isVerdict } from './verdict.js';

/** After how many ms is asked again; every time twice as long, up to the second one. */
const firstPause = 20;
const longestPause = 1000;

/**
 * Asks the server again until it answers: what is asked while it is away is lost.
 *
 * @param isWanted whether somebody still waits for the answer
 * @throws its verdict; what came instead of an answer, once nobody waits for one
 */
export async function untilAnswered<T>(ask: () => Promise<T>, isWanted: () => boolean): Promise<T> {
  for (let pause = firstPause; ; pause = Math.min(longestPause, 2 * pause)) {
    try {
      return await ask();
    } catch (error) {
      if (isVerdict(error) || !isWanted()) throw error;
    }
    await delay(pause, undefined, { ref: false });
  }
}
