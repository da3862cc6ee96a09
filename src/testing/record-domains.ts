import type { PromiseDomainEvent, PromiseDomainObserver } from '../domain/observer.js';
import type { PromiseDomain } from '../domain/promise-domain.js';
import { hasOtelPromiseDomain } from '../otel/otel-promise-domain.js';
import { describe } from './describe-value.js';
import { enterJobOf, leaveJob, ownerNow } from './ownership.js';
import type { AboutStep, CallRecord, Recording } from './recording.js';

type Event<K extends PromiseDomainEvent['kind']> = Extract<PromiseDomainEvent, { kind: K }>;

/** Adds what promise domains tell of to the recordings whose programs do it. */
export function recordDomains(): PromiseDomainObserver {
  /** By the promise that it returned. */
  const calls = new WeakMap<Promise<unknown>, CallRecord & { method: AboutStep['method'] }>();
  /** By the object that is the same for all events of an await. */
  const awaits = new WeakMap<object, CallRecord>();
  /** Of local domains: what ends them may be a job that another one has queued. */
  const owners = new WeakMap<object, Recording>();

  function changeDomain(event: Event<'domain enter' | 'domain leave'>): void {
    const { local } = event;
    const owner = (local && owners.get(local)) ?? ownerNow();
    if (!owner || owner.isOver) return;
    if (event.kind === 'domain enter') {
      const label = nameOfDomain(event.domain);
      const step = owner.add(event.kind, { label });
      if (!local) return;
      owners.set(local, owner);
      owner.install(`domain ${label}`, local, step);
      return;
    }
    const label = nameOfDomain(event.left);
    // An await takes along what it suspends, and is a step itself.
    if (event.why === 'suspended') owner.noteAwait(`leaves domain ${label} until it goes on`);
    else owner.add(event.kind, { label, note: event.why && 'the job is over, and it was not disposed' });
  }

  function callThen(event: Event<'then'>): void {
    const { promise, derived, domain, onFulfilled, onRejected } = event;
    const owner = ownerNow();
    const before = calls.get(promise);
    if (!owner || isOfEngine(onFulfilled ?? onRejected)) return;
    const isCatch = typeof onFulfilled !== 'function' && typeof onRejected === 'function';
    const method: AboutStep['method'] = isCatch ? 'catch' : event.method;
    const call = { ...owner.call(before), method };
    calls.set(derived, call);
    const label = nameOf(typeof onFulfilled === 'function' ? onFulfilled : onRejected);
    const span = owner.activeSpan();
    if (span && hasOtelPromiseDomain(domain)) owner.add('then captured', { call, method, label, span });
    else owner.add('then not captured', { call, method, label, note: whyNothing(domain) });
  }

  function runCallback(event: Event<'callback enter' | 'callback leave'>): void {
    if (isOfEngine(event.callback)) {
      if (event.kind === 'callback enter') ownerNow()?.restored();
      return;
    }
    const call = calls.get(event.derived);
    if (event.kind === 'callback enter') enterJobOf(call?.recording);
    if (call && !call.recording.isOver) {
      const note = event.kind === 'callback leave' ? howItEnded(event) : undefined;
      const { recording, method } = call;
      recording.add(event.kind, {
        call,
        method,
        label: nameOf(event.callback),
        note,
        span: recording.activeSpan(),
      });
    }
    if (event.kind === 'callback leave') leaveJob();
  }

  function continueAwait({ kind, promise, captured }: Event<'await' | 'await enter' | 'await leave'>): void {
    let call = awaits.get(captured);
    const owner = kind === 'await' ? ownerNow() : (call?.recording ?? ownerNow());
    if (!owner || owner.isOver) return;
    if (!call) {
      call = owner.call(calls.get(promise));
      awaits.set(captured, call);
    }
    if (kind === 'await enter') enterJobOf(owner);
    owner.add(kind === 'await' ? 'await captured' : kind, { call, span: owner.activeSpan() });
    if (kind === 'await leave') leaveJob();
  }

  return (event) => {
    switch (event.kind) {
      case 'domain enter':
      case 'domain leave':
        return changeDomain(event);
      case 'then call':
        return ownerNow()?.touch();
      case 'then':
        return callThen(event);
      case 'follow': {
        const call = calls.get(event.promise);
        if (call) calls.set(event.derived, call);
        return;
      }
      case 'callback enter':
      case 'callback leave':
        return runCallback(event);
      default:
        return continueAwait(event);
    }
  };
}

function whyNothing(domain: Event<'then'>['domain']): string {
  if (!domain) return 'no domain';
  return hasOtelPromiseDomain(domain)
    ? 'no active span'
    : `domain ${nameOfDomain(domain)} hands no span over`;
}

function howItEnded({ thrown, returned }: Event<'callback leave'>): string | undefined {
  if (thrown) return `throws ${describe(thrown.reason)}`;
  return returned instanceof Promise ? 'returns a promise' : undefined;
}

function nameOfDomain(domain: PromiseDomain | undefined): string {
  return domain ? (domain.name ?? 'without a name') : 'none';
}

function nameOf(callback: unknown): string | undefined {
  // Reason for the cast: a function has a name, if nobody has made something else of it.
  const name: unknown = typeof callback === 'function' ? (callback as { name?: unknown }).name : undefined;
  return (typeof name === 'string' && name.replace(/^(bound )+/, '')) || undefined;
}

/**
 * Whether the engine itself has called `then()`, to follow a promise: with functions that have no name (ECMA-262, Promise
 * Resolve Functions, and the elements of combinators).
 */
function isOfEngine(callback: unknown): boolean {
  return (
    typeof callback === 'function' &&
    nameOf(callback) === undefined &&
    String(callback).includes('[native code]')
  );
}
