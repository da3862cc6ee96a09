import { transformSync } from 'esbuild';
import { DomainPromise } from '../../src/index.js';
import { transformAwaits } from '../../src/unplugin/index.js';
import * as runtime from '../../src/unplugin/runtime.js';
import { active, within } from '../support/awaiting.js';

export type Env = Record<string, unknown>;
type Program = (env: Env) => Promise<unknown>;

/** The ways in which to run a program, by the names that test titles show. */
export type Way = 'as written' | 'lowered' | 'transformed' | 'transformed and lowered';

/** The body of an async function of `names` as a function of an object that has these. */
export function program(body: string, names: readonly string[], way: Way): Program {
  return compile(`module.exports = async ({ ${names.join(', ')} }) => {\n${body}\n};`, way);
}

function compile(source: string, way: Way): Program {
  let code = source;
  if (way.startsWith('transformed')) code = transformAwaits(source, '/program.cjs')?.code ?? source;
  // Lowered for runtimes that cannot parse it.
  if (/\busing\b/.test(code) && (way.endsWith('lowered') || !parsesUsing))
    code = transformSync(code, { target: 'es2022', loader: 'js' }).code;
  const module: { exports: unknown } = { exports: undefined };
  new Function('module', 'require', code)(module, () => runtime);
  return module.exports as Program; // cast: it is what the source exports
}

/** Whether this runtime has `await using` itself. */
export const parsesUsing = (() => {
  try {
    new Function('return async () => { await using nothing = null; }');
    return true;
  } catch {
    return false;
  }
})();

/** The ways in which to run what is transformed; for most programs the one is enough. */
export const transformedWays: readonly Way[] = parsesUsing
  ? ['transformed', 'transformed and lowered']
  : ['transformed'];

/** The symbols by which programs dispose, also where the runtime has none. */
export const symbols = {
  asyncDispose: Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose'),
  dispose: Symbol.dispose ?? Symbol.for('Symbol.dispose'),
};

/** Runs the body of an async function with the symbols above and with what `env` has, and logs how it ends. */
export async function runLogged(
  body: string,
  way: Way,
  log: (label: string) => void,
  env: Env,
  describe: (value: unknown) => string = String,
): Promise<void> {
  const all: Env = { ...symbols, ...env };
  await program(
    body,
    Object.keys(all),
    way,
  )(all).then(
    (value) => log(`returned ${describe(value)}`),
    (reason) => log(`threw ${describe(reason)}`),
  );
}

/** What a program may use beside what it is given. */
const tools = {
  ...symbols,
  active,
  within,
  DomainPromise,
  soon: () => Promise.resolve(),
  later: () => new Promise<void>((resolve) => setTimeout(resolve)),
};

/** Runs the body of an async function, transformed, with the tools above and with what `env` has. */
export function run(body: string, env: Env = {}, way: Way = 'transformed'): Promise<unknown> {
  const all: Env = { ...tools, ...env };
  return program(body, Object.keys(all), way)(all);
}
