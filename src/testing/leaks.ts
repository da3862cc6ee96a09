import { type Span, trace } from '@opentelemetry/api';
import { observePromiseDomains } from '../domain/observer.js';
import { check } from '../errors.js';
import { callsHere, siteOf } from './call-site.js';
import { lend, ownProvider } from './environment.js';
import { tasksDone } from './jobs-done.js';
import { keyOfSpan, nameOfSpan, validSpan } from './spans.js';
import { watch, watchProvider } from './watch.js';
import type { ContextEntry } from './watch-contexts.js';

/** Something that a test has left behind. */
export interface Leak {
  readonly kind: 'span' | 'domain' | 'context';
  /** The name of the span or of the domain. */
  readonly name: string;
  /** The place in the code that has started or installed it. */
  readonly site: string;
}

export interface LeakOptions {
  /** Leaks for which it returns true do not count. */
  readonly ignore?: ((leak: Leak) => boolean) | undefined;
}

/** Watches for what is left behind from the moment it is made. */
export interface LeakWatch {
  /**
   * Stops watching, once the job queue is empty and the timers that are due have fired.
   *
   * @throws LeakError, as a rejection, if a span is open or a local domain or attached context was not disposed; Error at
   * a second call
   */
  check(): Promise<void>;
}

/** Names what was left behind, and where it was started or installed. */
export class LeakError extends Error {
  override readonly name = 'LeakError';
  /** Stable. */
  readonly code = 'LEAK';
  readonly leaks: readonly Leak[];

  constructor(leaks: readonly Leak[], isShared: boolean) {
    const whose = isShared
      ? 'one of the tests that ran at the same time has left behind'
      : 'the test has left behind';
    const tell = ({ kind, name, site }: Leak) => `  ${said[kind]} ${name}, ${verbs[kind]} by ${site}`;
    super([`${whose}:`, ...leaks.map(tell)].join('\n'));
    this.leaks = leaks;
  }
}

const said = { span: 'the open span', domain: 'the installed domain', context: 'the attached context' };
const verbs = { span: 'started', domain: 'installed', context: 'attached' };

/** What is watched for all watches that overlap: nothing tells which of several tests at a time has left something. */
interface Shared {
  watches: number;
  isShared: boolean;
  leaks(): Leak[];
  stop(): void;
}

let shared: Shared | undefined;

/**
 * Watches every span that is started from now on, every local domain that is installed and every context that is attached.
 * Where no tracer provider and no context manager is registered, those of `recordTimeline` are, until it is checked.
 *
 * For the hooks of a test runner: make one before each test, and `check()` it after. Where several overlap, as those of
 * tests that run at the same time do, the last one that is checked speaks for all.
 *
 * @throws TypeError if an argument is not what it must be
 */
export async function watchLeaks(options: LeakOptions = {}): Promise<LeakWatch> {
  check('watchLeaks: options', 'object', options, 'an object');
  const { ignore = () => false } = options;
  check('watchLeaks: options.ignore', 'function', ignore);
  const provider = await ownProvider().catch(() => undefined); // without an SDK there are no spans but those of others
  const giveBack = provider && lend(provider);
  shared ??= startWatching();
  const watched = shared;
  watched.watches += 1;
  watched.isShared ||= watched.watches > 1;
  if (provider) watchProvider(provider);
  let isChecked = false;
  return {
    async check() {
      if (isChecked)
        throw new Error('check: it was called already; tests that run at the same time need a watch each');
      isChecked = true;
      await tasksDone();
      watched.watches -= 1;
      const isLast = watched.watches === 0;
      if (isLast) {
        shared = undefined;
        watched.stop();
      }
      giveBack?.();
      if (!isLast) return;
      const leaks = watched.leaks().filter((leak) => !ignore(leak));
      if (leaks.length > 0) throw new LeakError(leaks, watched.isShared);
    },
  };
}

function startWatching(): Shared {
  const spans = new Map<string, Candidate & { span: Span }>();
  const attached = new Map<ContextEntry, Candidate>();
  const installed: (Candidate & { state: { readonly over: boolean } })[] = [];
  const stopWatching = watch({
    started(span, name) {
      // One that is not sampled need not be ended.
      if (span.isRecording()) spans.set(keyOfSpan(span), { kind: 'span', name, calls: callsHere(), span });
    },
    ends: (span) => void spans.delete(keyOfSpan(span)),
    entered(entry) {
      if (!entry.attached) return;
      const name = nameOfSpan(validSpan(trace.getSpan(entry.inner))) ?? 'without a span';
      attached.set(entry, { kind: 'context', name, calls: callsHere() });
    },
    left: (entry) => void attached.delete(entry),
  });
  const stopObserving = observePromiseDomains((event) => {
    if (event.kind !== 'domain enter' || !event.local) return;
    const name = event.domain?.name ?? 'without a name';
    installed.push({ kind: 'domain', name, calls: callsHere(), state: event.local });
  });
  return {
    watches: 0,
    isShared: false,
    leaks: () =>
      [
        ...[...spans.values()].map((open) => ({ ...open, name: nameOfSpan(open.span) ?? open.name })),
        ...installed.filter(({ state }) => !state.over),
        ...attached.values(),
      ].map(({ kind, name, calls }) => ({ kind, name, site: siteOf(calls) })),
    stop() {
      stopObserving();
      stopWatching();
    },
  };
}

/** What is a leak if nothing ends it. */
interface Candidate {
  readonly kind: Leak['kind'];
  readonly name: string;
  readonly calls: Error;
}
