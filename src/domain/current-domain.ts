import { check, checkFunction, checkObject } from '../errors.js';
import { state } from './global-state.js';
import { notify } from './observer.js';
import {
  checkPromiseDomain,
  composePromiseDomains,
  type PromiseDomain,
  runSync,
  tellError,
} from './promise-domain.js';

export interface PromiseDomainOptions {
  /** Put the domain in the place of the current one instead of composing the two. Default: false. */
  readonly replace?: boolean | undefined;
}

/** The domain that `then()` would capture now. */
export function currentPromiseDomain(): PromiseDomain | undefined {
  return state.domain;
}

/**
 * Calls `fn` with `domain` current, composed with the domain that was current before, and restores that one by
 * identity when `fn` returns or throws. `domain.wrapSync` is called once, around `fn`.
 *
 * @returns what `fn` returns
 * @throws TypeError if an argument is not what it must be; else what `fn` throws
 */
export function withPromiseDomain<R>(domain: PromiseDomain, fn: () => R, options?: PromiseDomainOptions): R {
  const added = resolveDomain('withPromiseDomain', domain, options);
  checkFunction('withPromiseDomain: fn', fn);
  return runIn(added, () => {
    try {
      return runSync(domain, fn);
    } catch (error) {
      tellError(domain, error);
      throw error;
    }
  });
}

/**
 * Calls `fn` with no current domain: `then()` captures nothing in it.
 *
 * @throws TypeError if `fn` is not a function; else what `fn` throws
 */
export function withoutPromiseDomain<R>(fn: () => R): R {
  checkFunction('withoutPromiseDomain: fn', fn);
  return runIn(undefined, fn);
}

/**
 * Makes `domain` current until the returned object is disposed, at the latest until the end of the running job: what
 * runs in later jobs sees the domain that was there before. For `using _ = localPromiseDomain(domain)`. Disposing twice
 * is harmless, and disposing in any order ends with the domain that was there before. `wrapSync` is not called.
 *
 * @throws TypeError if an argument is not what it must be
 */
export function localPromiseDomain(domain: PromiseDomain, options?: PromiseDomainOptions): Disposable {
  const installed = resolveDomain('localPromiseDomain', domain, options);
  const before = state.domain;
  retired.delete(installed);
  setDomain('domain enter', installed);
  atEndOfJob();
  let disposed = false;
  return disposable(() => {
    if (disposed) return;
    disposed = true;
    if (state.domain === installed) leave(before);
    else retired.set(installed, before);
  });
}

/** Where `Symbol.dispose` is missing, the symbol that compilers of `using` fall back to. */
const dispose: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');

export function disposable(onDispose: () => void): Disposable {
  return { [dispose]: onDispose };
}

/** Local domains of this job that were disposed while another was on top of them, and what was there before each. */
const retired = new Map<PromiseDomain, PromiseDomain | undefined>();

/** No job starts with a domain, so what is still installed at the end of this one was forgotten or is suspended. */
function atEndOfJob(): void {
  void Promise.resolve().then(() => {
    retired.clear();
    if (state.domain) leave(undefined);
  });
}

function resolveDomain(
  where: string,
  domain: PromiseDomain,
  options: PromiseDomainOptions = {},
): PromiseDomain {
  checkPromiseDomain(`${where}: domain`, domain);
  checkObject(`${where}: options`, 'an object', options);
  const { replace = false } = options;
  check(typeof replace === 'boolean', `${where}: options.replace`, 'a boolean', replace);
  return replace ? domain : composePromiseDomains(state.domain, domain);
}

function runIn<R>(domain: PromiseDomain | undefined, fn: () => R): R {
  const before = state.domain;
  setDomain('domain enter', domain);
  try {
    return fn();
  } finally {
    leave(before);
  }
}

function leave(before: PromiseDomain | undefined): void {
  let domain = before;
  while (domain && retired.has(domain)) domain = retired.get(domain);
  setDomain('domain leave', domain);
}

function setDomain(kind: 'domain enter' | 'domain leave', domain: PromiseDomain | undefined): void {
  state.domain = domain;
  if (state.observers) notify({ kind, domain });
}
