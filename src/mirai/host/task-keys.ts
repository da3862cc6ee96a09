import type { TaskSource } from '../protocol/messages.js';

/** A task source with the number that stands for it in messages. */
export interface TaskKey {
  readonly key: number;
  readonly source: TaskSource;
}

/** How many sources have numbers at a time: programs that make them up without end do not grow without end. */
const most = 2000;

const keys = new Map<string, TaskKey>();
let next = 1;

/** The same number for the same source, as long as it is in use. */
export function keyOf(source: TaskSource): TaskKey {
  const text = source.kind === 'module' ? `${source.name} ${source.url}` : `(${source.source}`;
  let known = keys.get(text);
  if (!known) {
    if (keys.size >= most) keys.clear();
    known = { key: next++, source };
    keys.set(text, known);
  }
  return known;
}
