import { type Enter, state } from './global-state.js';
import { handoffKey, isHandoffDomain } from './handoff-domain.js';
import { NativePromise, nativeThen, queueJob } from './jobs.js';
import { notify } from './observer.js';
import { captureForAwaitBy, enterAll, type PromiseDomain } from './promise-domain.js';
import { enter, leave } from './slot.js';

export type Settle = (value: unknown) => unknown;

/** What an await keeps now; `undefined` where there is nothing to keep, or where the runtime keeps it. */
export function captureAwait(): Enter | undefined {
  const { value: domain, installation } = state.domain;
  const { value: context, installation: attachment } = state.context;
  const enterContext = state.captureContext?.();
  const enterDomain = domain && captureForAwaitBy(domain);
  const nothing = context === undefined && !attachment && !enterContext && !enterDomain;
  if (nothing && isKeptByRuntime(domain)) return undefined;
  return () => {
    const { value: domainBefore, installation: installationBefore } = state.domain;
    const { value: contextBefore, installation: attachmentBefore } = state.context;
    enter(state.context, context, attachment);
    enter(state.domain, domain, installation);
    const leaveHooks = enterAll(enterContext, enterDomain);
    return () => {
      leaveHooks();
      leave(state.domain, domainBefore, installationBefore);
      leave(state.context, contextBefore, attachmentBefore);
    };
  };
}

function isKeptByRuntime(domain: PromiseDomain | undefined): boolean {
  return domain === undefined || (isHandoffDomain(domain) && domain[handoffKey].keptByRuntime());
}

/**
 * The two microtasks between which the continuation of an await is to run. Microtasks run in the order in which they were
 * queued, so nothing else gets between those that one job queues back to back.
 */
function bracketOf(promise: Promise<unknown>, captured: Enter): { open: () => void; close: () => void } {
  let leaveAll: () => void;
  return {
    open() {
      leaveAll = captured();
      if (state.observers) notify({ kind: 'await enter', promise });
    },
    close() {
      if (state.observers) notify({ kind: 'await leave', promise });
      leaveAll();
    },
  };
}

/**
 * Settles an await of `promise` by its native functions, such that what `captured` enters is in force in the job that the
 * await goes on in, and in no other.
 *
 * @param deriveBy to be told what the next read of `promise.constructor` is to answer
 */
export function settleByAwait(
  promise: Promise<unknown>,
  captured: Enter,
  resolve: Settle,
  reject: Settle,
  deriveBy: (species: unknown) => void,
): void {
  const { open, close } = bracketOf(promise, captured);
  if (state.cutsStackTraces) {
    const bracketed = (settle: Settle) => (value: unknown) => {
      queueJob(open);
      settle(value);
      queueJob(close);
    };
    deriveBy(NativePromise); // the cheapest to derive
    nativeThen.call(promise, bracketed(resolve), bracketed(reject));
    return;
  }
  // V8 finds the callers of an async function by way of the single reaction of each promise, and only where its handler
  // is a native resolving function. So the await is settled by a promise that has these as its only reaction. That puts
  // a job between: the bracket is queued from the jobs around it.
  deriveBy(handover);
  const derived = nativeThen.call(
    promise,
    (value) => settleDerived(resolveDerived, value),
    (reason) => settleDerived(rejectDerived, reason),
  );
  // Where somebody has meanwhile given the promise another constructor, nothing was handed over, and nothing is kept.
  const { resolve: resolveDerived, reject: rejectDerived } = handedOver ?? { resolve, reject };
  const settleDerived = (settle: Settle, value: unknown) => {
    queueJob(() => queueJob(open));
    settle(value);
    queueJob(() => queueJob(close));
  };
  if (handedOver) nativeThen.call(derived, resolve, reject);
  handedOver = undefined;
}

/** The resolving functions of the promise that `handover` made last. */
let handedOver: { resolve: Settle; reject: Settle } | undefined;

/** As the constructor to derive by: makes plain promises and hands their resolving functions over. One for all, because V8 is slow at a new one. */
const handover = {
  [Symbol.species]: function Handover(executor: (resolve: Settle, reject: Settle) => void) {
    return new NativePromise((resolve, reject) => {
      handedOver = { resolve, reject };
      executor(resolve, reject);
    });
  },
};
