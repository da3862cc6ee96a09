import { check } from '../errors.js';
import { state } from './global-state.js';
import { type HandoffDomain, handoffKey } from './handoff-domain.js';
import { notifyOfEnter, notifyOfLeave } from './observer.js';
import {
  checkPromiseDomain,
  composePromiseDomains,
  type PromiseDomain,
  runSync,
  tellError,
} from './promise-domain.js';
import { put } from './slot.js';

export interface PromiseDomainOptions {
  /** Put the domain in the place of the current one instead of composing the two. Default: false. */
  readonly replace?: boolean | undefined;
}

/** The domain that `then()` would capture now. */
export function currentPromiseDomain(): PromiseDomain | undefined {
  return state.domain.value;
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
  check('withPromiseDomain: fn', 'function', fn);
  return runTold(added, domain, () => runSync(domain, fn));
}

/**
 * Calls `fn` with no current domain: `then()` captures nothing in it.
 *
 * @throws TypeError if `fn` is not a function; else what `fn` throws
 */
export function withoutPromiseDomain<R>(fn: () => R): R {
  check('withoutPromiseDomain: fn', 'function', fn);
  return runTold(undefined, undefined, fn);
}

/** `runIn`, observers told of it: what restores a domain for a callback does not tell them. */
function runTold<R>(domain: PromiseDomain | undefined, told: PromiseDomain | undefined, fn: () => R): R {
  const entered = () => {
    notifyOfEnter(state.domain);
    return fn();
  };
  try {
    return runIn(domain, told, entered, undefined);
  } finally {
    notifyOfLeave(state.domain, domain);
  }
}

/** The domain that a public function is to make current, its arguments checked. */
export function resolveDomain(
  where: string,
  domain: PromiseDomain,
  options: PromiseDomainOptions = {},
): PromiseDomain {
  checkPromiseDomain(`${where}: domain`, domain);
  check(`${where}: options`, 'object', options, 'an object');
  const { replace = false } = options;
  check(`${where}: options.replace`, 'boolean', replace);
  return replace ? domain : composePromiseDomains(state.domain.value, domain);
}

/**
 * Calls `callback` with `domain` current, and puts back what was there before.
 *
 * @param told the domain to tell of an error that `callback` throws
 * @param captured what else is to be active, if `domain` hands something over
 */
export function runIn<T, R>(
  domain: PromiseDomain | undefined,
  told: PromiseDomain | undefined,
  callback: (value: T) => R,
  value: T,
  captured?: unknown,
): R {
  const { value: before, installation } = state.domain;
  put(state.domain, domain);
  try {
    if (captured === undefined) return callback(value);
    // Reason for the cast: only a handoff domain captures something.
    return (domain as HandoffDomain)[handoffKey].reactivate(captured, callback, value);
  } catch (error) {
    if (told) tellError(told, error);
    throw error;
  } finally {
    put(state.domain, before, installation);
  }
}
