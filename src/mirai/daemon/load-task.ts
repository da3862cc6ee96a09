import { constants, Script } from 'node:vm';
import { MiraiError } from '../errors.js';
import { isError } from '../protocol/describe.js';
import type { TaskSource } from '../protocol/messages.js';
import { helpersFor } from './transpiler-helpers.js';

export type TaskFunction = (...args: unknown[]) => unknown;

/** What function tasks are called in stack traces. */
const filename = 'mirai task';

/** The function of a task, or the promise of it. @throws MiraiError if there is none */
export function loadTask(source: TaskSource): TaskFunction | Promise<TaskFunction> {
  return source.kind === 'module' ? loadExport(source.url, source.name) : compile(source.source);
}

async function loadExport(url: string, name: string): Promise<TaskFunction> {
  let module: Record<string, unknown>;
  try {
    module = await import(/* webpackIgnore: true */ /* @vite-ignore */ url);
  } catch (cause) {
    const why = cause instanceof Error ? `${cause.message}${hint(cause)}` : String(cause);
    throw new MiraiError(`the module ${url} of the task ${name} cannot be loaded: ${why}`, { cause });
  }
  const exported = [module, exportsOf(module.default)].find((each) => each && Object.hasOwn(each, name))?.[
    name
  ];
  if (typeof exported === 'function') return exported as TaskFunction; // cast: called with whatever the host gave
  const { default: _, ...named } = module;
  const there = Object.keys(named).join(', ') || 'nothing by name';
  const what = exported === undefined ? 'has no export' : 'exports no function';
  throw new MiraiError(`the module ${url} ${what} ${name} (it exports ${there})`);
}

function hint(error: Error & { code?: unknown }): string {
  if (error.code !== 'ERR_UNKNOWN_FILE_EXTENSION') return '';
  return "; this daemon cannot load TypeScript: use engine: 'processes', or register a loader in a setup module";
}

/** Of a CommonJS module, whose names the loader may not have found. */
function exportsOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined; // cast: keys of any kind
}

function compile(source: string): TaskFunction {
  const helpers = helpersFor(source);
  let first: unknown;
  // A method is the text of a property, with whatever name.
  for (const expression of [source, `Object.values({ ${source}\n})[0]`]) {
    try {
      const code = `'use strict'; (({ ${Object.keys(helpers).join(', ')} }) => (${expression}\n))`;
      const script = new Script(code, {
        filename,
        importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
      });
      return script.runInThisContext()(helpers);
    } catch (error) {
      first ??= error;
    }
  }
  throw new MiraiError(`the source of the task cannot be compiled: ${String(first)}`, { cause: first });
}

/** Says why a name is not defined, where the function that uses it was sent as source. */
export function explain(thrown: unknown, source: TaskSource): unknown {
  if (source.kind === 'module' || !isError(thrown) || !(thrown instanceof ReferenceError)) return thrown;
  const [, name] = /^(\S+) is not defined$/.exec(thrown.message) ?? [];
  if (!name) return thrown;
  // Vitest has given the imports of a test file names of its own.
  const what = name.startsWith('__vi') ? 'what it imports' : name;
  thrown.message += `: a function task sees only its arguments and globals; pass ${what} as an argument, or export the function from a module and use importTasks()`;
  return thrown;
}
