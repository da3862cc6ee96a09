import { aside, check } from '../errors.js';
import { MiraiInterrupt } from './errors.js';
import { drawProgress } from './map/progress-bar.js';
import { MapRun } from './map/run-map.js';
import { checkOptions, handled } from './mirai.js';
import { MiraiMap } from './mirai-map.js';
import type { MapProgress, MiraiMapOptions } from './options.js';
import { requiredProfile } from './profiles.js';
import { type Task, taskKey } from './tasks.js';

/**
 * Evaluates a task for each item, on all daemons of a profile. Items are read as the map goes on, so that there is only a
 * bounded number of them in flight at a time, whatever their number.
 *
 * @param items what the task gets as its first argument; an array, any other iterable, or an async one
 * @param task a task of `importTasks()`, or a self-contained function
 * @throws TypeError, RangeError if an argument is not what it must be; NoDaemons if none are set
 *
 * Source: `mirai_map()` of the R package `mirai`.
 */
export function miraiMap<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  task: Task<[T], R>,
  options?: MiraiMapOptions,
): MiraiMap<Awaited<R>>;
export function miraiMap<T, C extends unknown[], R>(
  items: Iterable<T> | AsyncIterable<T>,
  task: Task<[T, ...C], R>,
  options: MiraiMapOptions<C> & { args: C },
): MiraiMap<Awaited<R>>;
export function miraiMap<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  task: Task<unknown[], R>,
  options: MiraiMapOptions<unknown[]> = {},
): MiraiMap<Awaited<R>> {
  // Reason for the cast: what it is, is what is asked.
  const given = Object(items) as { [Symbol.iterator]?: unknown; [Symbol.asyncIterator]?: unknown };
  const iterate = given[Symbol.asyncIterator] ?? given[Symbol.iterator];
  check('miraiMap: items', 'function', iterate, 'an iterable or an async iterable', items);
  const key = taskKey('miraiMap: task', task);
  checkOptions('miraiMap', options);
  const { args = [], progress = false } = options;
  if (!Array.isArray(args)) check('miraiMap: options.args', 'array', args, 'an array');
  if (typeof progress !== 'function') {
    check('miraiMap: options.progress', 'boolean', progress, 'a boolean or a function');
  }
  const profile = requiredProfile('miraiMap', options.compute);
  const bar = progress === true ? drawProgress() : undefined;
  const listen = typeof progress === 'function' ? progress : bar?.update;
  const onChange = (state: MapProgress) => listen && aside(() => listen(state));
  const run = new MapRun<T, Awaited<R>>(profile, key, options, onChange);
  const map = mapOf(run);
  run.start(items);
  if (bar) handled(run.over.finally(bar.stop));
  return map;
}

/** The promise of what a run collects. */
export function mapOf<R>(run: ConstructorParameters<typeof MiraiMap<R>>[1]): MiraiMap<R> {
  const { collection, over } = run;
  const map = new MiraiMap<R>((resolve, reject) => {
    const settle = () => {
      const failed = collection.broken ?? collection.firstFailure ?? collection.interrupted;
      if (!failed) return resolve(collection.values);
      reject(failed.reason);
      if (failed.reason instanceof MiraiInterrupt) handled(map);
    };
    handled(over.then(settle, settle));
  }, run);
  return map;
}
