import { type PromiseDomainOptions, resolveDomain } from './current-domain.js';
import { DomainPromise } from './domain-promise.js';
import { type Installation, type Slot, state } from './global-state.js';
import { queueJob } from './jobs.js';
import { notifyOfEnter, notifyOfLeave } from './observer.js';
import type { PromiseDomain } from './promise-domain.js';
import { put } from './slot.js';
import { stackTrace } from './stack-trace.js';
import { calibrate } from './suspension.js';

/**
 * Makes `domain` current until the returned object is disposed, at the latest until the end of the running job: what
 * runs in later jobs sees the domain that was there before. In an async function it stays in force after each `await` of
 * a domain promise, and from the first one on only in that function and in what it calls. For
 * `using _ = localPromiseDomain(domain)`. Disposing twice is harmless, and disposing in any order ends with the domain
 * that was there before. `wrapSync` is not called.
 *
 * @throws TypeError if an argument is not what it must be
 */
export function localPromiseDomain(domain: PromiseDomain, options?: PromiseDomainOptions): Disposable {
  const added = resolveDomain('localPromiseDomain', domain, options);
  return disposable(install(state.domain, added, stackTrace()));
}

/** Where `Symbol.dispose` is missing, the symbol that compilers of `using` fall back to. */
const dispose: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');

export function disposable(end: () => void): Disposable {
  return { [dispose]: end };
}

/**
 * Puts `value` into the slot until the returned function is called, at the latest until the end of the running job. An
 * await that is kept by a bracket carries it along, and takes it out of the slot if it suspends who installed it.
 *
 * @param trace `stackTrace()`, called by the function of the library that the installing function has called
 */
export function install<T>(
  slot: Slot<T>,
  value: T | undefined,
  trace: readonly string[] | undefined,
): () => void {
  calibrate(probe);
  const installation: Installation<T> = { ...slot, trace, over: false };
  put(slot, value, installation);
  notifyOfEnter(slot, installation);
  // No job starts with a value, so what is still installed at the end of this one was forgotten.
  queueJob(() => {
    installation.trace = undefined;
    const { value: left, installation: forgotten } = slot;
    if (!forgotten) return;
    put(slot, undefined);
    notifyOfLeave(slot, left, forgotten, 'job over');
  });
  return () => {
    installation.over = true;
    if (slot.installation !== installation) return forget(installation, slot.installation);
    put(slot, installation.value, installation.installation);
    notifyOfLeave(slot, value, installation);
  };
}

/** Takes `installation` out from below those that were installed after it, so that a long row of them does not grow. */
function forget<T>(installation: Installation<T>, top: Installation<T> | undefined): void {
  for (let above = top; above; above = above.installation)
    if (above.installation === installation) {
      above.value = installation.value;
      above.installation = installation.installation;
    }
}

/** Does once a realm what the first local domain would do, which queues a job of its own. */
export function calibrateLocals(): void {
  calibrate(probe);
}

function probe(): void {
  let local: Disposable | undefined;
  async function suspended(): Promise<void> {
    local = localPromiseDomain({}, { replace: true });
    await new DomainPromise(() => {});
  }
  void suspended();
  local?.[dispose]();
}
