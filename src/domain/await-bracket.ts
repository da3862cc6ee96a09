import { derive } from './derive.js';
import { type Enter, state } from './global-state.js';
import { handoffKey, isHandoffDomain } from './handoff-domain.js';
import { NativePromise, nativeThen, queueJob } from './jobs.js';
import { notify } from './observer.js';
import { captureForAwaitBy, enterBoth, type PromiseDomain } from './promise-domain.js';
import { put } from './slot.js';
import { endTurn, startTurn } from './turn.js';

export type Settle = (value: unknown) => unknown;

/** What an await keeps now; `undefined` where there is nothing to keep, or where the runtime keeps it. */
export function captureAwait(): Enter | undefined {
  const { value: domain, installation } = state.domain;
  const { value: context, installation: attachment } = state.context;
  const enterContext = context === undefined ? state.captureContext?.() : undefined;
  const enterDomain = domain && captureForAwaitBy(domain);
  const nothing = context === undefined && !attachment && !enterContext && !enterDomain;
  if (nothing && isKeptByRuntime(domain)) return undefined;
  return () => {
    const { value: domainBefore, installation: installationBefore } = state.domain;
    const { value: contextBefore, installation: attachmentBefore } = state.context;
    put(state.context, context, attachment);
    put(state.domain, domain, installation);
    const leaveHooks = enterContext || enterDomain ? enterBoth(enterContext, enterDomain) : undefined;
    return () => {
      leaveHooks?.();
      put(state.domain, domainBefore, installationBefore);
      put(state.context, contextBefore, attachmentBefore);
    };
  };
}

/** Whether an await needs no bracket for `domain`. */
export function isKeptByRuntime(domain: PromiseDomain | undefined): boolean {
  return domain === undefined || (isHandoffDomain(domain) && domain[handoffKey].keptByRuntime());
}

/**
 * Settles an await of `promise` by its native functions, such that what `captured` enters is in force in the job that the
 * await goes on in, and in no other: microtasks run in the order in which they were queued, so nothing else gets between
 * those that one job queues back to back.
 */
export function settleByAwait(
  promise: Promise<unknown>,
  captured: Enter,
  resolve: Settle,
  reject: Settle,
): void {
  let leaveAll: (() => void) | undefined;
  const open = () => {
    leaveAll = captured();
    startTurn();
    if (state.observers) notify({ kind: 'await enter', promise, captured });
  };
  const close = () => {
    endTurn();
    if (leaveAll && state.observers) notify({ kind: 'await leave', promise, captured });
    leaveAll?.();
  };
  derive(promise, NativePromise); // the cheapest to derive
  if (state.cutsStackTraces) {
    const bracketed = (settle: Settle) => (value: unknown) => {
      queueJob(open);
      settle(value);
      queueJob(close);
    };
    nativeThen.call(promise, bracketed(resolve), bracketed(reject));
    return;
  }
  // V8 finds the callers of an async function by way of the single reaction of each promise: it follows a native resolving
  // function to its promise, and any other handler to the promise that is derived. So the await is settled by the only
  // reaction of a derived promise. The job before that queues what opens; what closes is the reaction to its end.
  const queueOpen = () => queueJob(open);
  const derived = nativeThen.call(
    promise,
    (value) => {
      // What has become a thenable since takes longer, and must not find the bracket open.
      // Reason for the cast: whether it has one is what is asked.
      if (!(Object(value) === value && typeof (value as Partial<PromiseLike<unknown>>).then === 'function'))
        queueJob(queueOpen);
      return value;
    },
    (reason) => {
      queueJob(queueOpen);
      throw reason;
    },
  );
  void nativeThen.call(nativeThen.call(derived, resolve, reject), close);
}
