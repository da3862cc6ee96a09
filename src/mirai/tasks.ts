import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { check } from '../errors.js';
import { keyOf, type TaskKey } from './host/task-keys.js';
import { describe } from './protocol/describe.js';

declare const signature: unique symbol;

/** A function that a module exports, by its name; of no use but as a task. */
export interface ModuleTask<A extends unknown[], R> {
  readonly url: string;
  readonly name: string;
  /** In the types only. */
  readonly [signature]?: (...args: A) => R;
}

/**
 * What can be evaluated by a daemon: a function that a module exports (`importTasks()`), or a self-contained function, whose
 * source is sent, and which sees only its arguments and globals.
 */
export type Task<A extends unknown[], R> = ModuleTask<A, R> | ((...args: A) => R);

type TaskFunction = (...args: never[]) => unknown;

/** `K`, unless the function returns a generator, which cannot be copied. */
type Copyable<K, R> = [R] extends [never]
  ? K
  : R extends Iterator<unknown> | AsyncIterator<unknown>
    ? never
    : K;

/** The tasks of a module: those of its exports that are functions. */
export type ImportedTasks<M> = {
  readonly [K in keyof M as M[K] extends TaskFunction ? Copyable<K, ReturnType<M[K]>> : never]: M[K] extends (
    ...args: infer A
  ) => infer R
    ? ModuleTask<A, R>
    : never;
};

const moduleTasks = new WeakMap<object, TaskKey>();
const functionTasks = new WeakMap<object, TaskKey>();

/**
 * The functions that a module exports, as tasks. The module is loaded by the daemons, when they first need it, not here.
 *
 * @param url `new URL('./work.js', import.meta.url)`, a URL as text, or an absolute path
 * @throws TypeError if it is none of these
 */
export function importTasks<M>(url: URL | string): ImportedTasks<M> {
  const href = moduleUrl('importTasks: url', url);
  const tasks = new Map<string, object>();
  return new Proxy(Object.create(null), {
    get(_, name) {
      // What is awaited is asked for `then`; a task of that name has to be exported by another one.
      if (typeof name !== 'string' || name === 'then') return undefined;
      let task = tasks.get(name);
      if (!task) {
        task = Object.freeze({ url: href, name });
        moduleTasks.set(task, keyOf({ kind: 'module', url: href, name }));
        tasks.set(name, task);
      }
      return task;
    },
  });
}

/** An absolute URL of a module. */
export function moduleUrl(where: string, url: unknown): string {
  if (url instanceof URL) return url.href;
  check(where, 'string', url, 'a URL or an absolute path');
  const text = String(url);
  if (isAbsolute(text)) return pathToFileURL(text).href;
  if (!URL.canParse(text)) {
    throw new TypeError(
      `${where} must be a URL or an absolute path, such as new URL('./work.js', import.meta.url) (got ${JSON.stringify(text)})`,
    );
  }
  return text;
}

const native = /\{\s*\[native code\]\s*\}\s*$/;

/** @throws TypeError if it is no task */
export function taskKey(where: string, task: unknown): TaskKey {
  if (typeof task !== 'function') {
    const known = typeof task === 'object' && task !== null ? moduleTasks.get(task) : undefined;
    if (known) return known;
    throw new TypeError(`${where} must be a function or a task of importTasks() (got ${describe(task)})`);
  }
  const known = functionTasks.get(task);
  if (known) return known;
  const source = Function.prototype.toString.call(task);
  if (native.test(source)) {
    throw new TypeError(
      `${where} must be a function with a source that can be sent (got a bound or native function)`,
    );
  }
  if (/^class\b/.test(source)) throw new TypeError(`${where} must be a function (got a class)`);
  const key = keyOf({ kind: 'source', source });
  functionTasks.set(task, key);
  return key;
}
