import { setImmediate } from 'node:timers/promises';
import { meet } from './meeting.mjs';

/** Says ten lines on both streams, each in pieces. */
export async function speakBoth(port, who) {
  await meet(port);
  for (let n = 0; n < 10; n++) {
    for (const piece of [`${who}${n}, `, 'the whole ', 'of it\n']) {
      process.stdout.write(piece);
      process.stderr.write(piece);
      await setImmediate();
    }
  }
}
