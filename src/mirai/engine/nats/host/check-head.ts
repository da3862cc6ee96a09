import { MiraiError } from '../../../errors.js';
import { longestHead } from '../wire/frame.js';
import { longestName, longestUrl, type TaskHead } from '../wire/task.js';

// What daemons do not take for a task they drop, and its host would wait for ever.

/** @throws MiraiError if its names are not as daemons want them */
export function checkSource(source: TaskHead['source']): void {
  if (source.kind === 'source') return;
  const { url, name } = source;
  if (url.length <= longestUrl && name.length >= 1 && name.length <= longestName) return;
  throw new MiraiError(
    `the task cannot be sent: the URL of a module may have ${longestUrl} characters (got ${url.length}), and the name of an export 1 to ${longestName} characters (got ${name.length})`,
  );
}

/** @throws MiraiError if it is longer than what daemons read */
export function checkHead(bytes: number): void {
  if (bytes < longestHead) return;
  throw new MiraiError(
    `the task cannot be sent: what it is apart from its arguments, such as the source of its function, takes ${bytes} bytes of at most ${longestHead}`,
  );
}
