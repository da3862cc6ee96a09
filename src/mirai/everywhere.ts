import { context } from '@opentelemetry/api';
import { DomainPromise } from '../domain/domain-promise.js';
import { check } from '../errors.js';
import { MiraiInterrupt } from './errors.js';
import { createTask, pack } from './host/create-task.js';
import { interrupted, type PendingTask, type TaskListener } from './host/pending-task.js';
import { Collection } from './map/collection.js';
import { mapOf } from './map.js';
import type { MiraiMap } from './mirai-map.js';
import type { EverywhereOptions } from './options.js';
import { requiredProfile } from './profiles.js';
import { type Task, taskKey } from './tasks.js';

/**
 * Evaluates a task once on each daemon of a profile: what it sets is there for the tasks after it. What is submitted later
 * starts when all have run it; daemons that join later run it before their first task.
 *
 * @param args its arguments, copied now
 * @returns the results of the daemons that were there. Rejects with the first failure, after all have ended
 * @throws TypeError, RangeError if an argument is not what it must be; NoDaemons if none are set
 *
 * Source: `everywhere()` of the R package `mirai`.
 */
export function everywhere<A extends unknown[], R>(
  task: Task<A, R>,
  args: readonly [...A],
  options: EverywhereOptions = {},
): MiraiMap<Awaited<R>> {
  const key = taskKey('everywhere: task', task);
  if (!Array.isArray(args)) check('everywhere: args', 'array', args, 'an array');
  check('everywhere: options', 'object', options, 'an object');
  const { min = 0 } = options;
  check('everywhere: options.min', 'number', min);
  if (!Number.isInteger(min) || min < 0) {
    throw new RangeError(`everywhere: options.min must be a non-negative integer (got ${min})`);
  }
  const profile = requiredProfile('everywhere', options.compute);
  const packed = pack(profile, args, []);
  const parent = context.active();
  const collection = new Collection<Awaited<R>>();
  const tasks = new Map<number, PendingTask<number>>();
  const { promise: over, resolve } = DomainPromise.withResolvers<void>();

  const ended = () => {
    if (collection.isOver) resolve();
  };
  const listener: TaskListener<number> = {
    resolved(index, value) {
      collection.resolve(index, value as Awaited<R>); // cast: the task says what it returns
      ended();
    },
    rejected(index, error) {
      collection.reject(index, error);
      ended();
    },
  };
  const make = () => {
    const plan = { key, stays: true, parent };
    if (collection.isClosed) return createTask(profile, packed, { ...plan, listener: late, owner: 0 });
    const index = collection.length++;
    const task = createTask(profile, packed, { ...plan, listener, owner: index });
    tasks.set(index, task);
    return task;
  };
  const onPassed = (error?: Error) => {
    if (error) collection.broken = { reason: error };
    collection.close();
    ended();
  };
  profile.everywhere(make, min, onPassed, { key, packed });

  return mapOf<Awaited<R>>({
    collection,
    over,
    keepGoing: () => undefined,
    cancel: (reason) =>
      [...tasks.values()].map((each) => profile.cancel(each, interrupted(each.submission.id, reason))),
  });
}

/** Of daemons that joined after all others were done. */
const late: TaskListener<number> = {
  resolved: () => undefined,
  rejected(_, error) {
    if (error instanceof MiraiInterrupt) return; // its daemons were reset
    process.emitWarning(
      `everywhere() failed on a daemon that joined later: ${String(error)}`,
      'MiraiWarning',
    );
  },
};
