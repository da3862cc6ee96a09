import { diag } from '@opentelemetry/api';
import * as v from 'valibot';
import type { LocalProfile } from '../../../host/local-profile.js';
import type { TaskListener } from '../../../host/pending-task.js';
import type { LargeValues } from '../large-values.js';
import type { Frame } from '../wire/frame.js';
import { type EverywhereHead, everywhereHead } from '../wire/task.js';
import type { AllowList } from './allow-list.js';
import { slotOf } from './hand.js';
import type { Hosts } from './hosts.js';
import { makeTask } from './make-task.js';
import type { Reports } from './reports.js';

/** How long a host may take to send what a daemon lacks, in ms, and how often it is asked. */
const patience = 1000;
const askAgain = 300;

interface Parts {
  readonly hosts: Hosts;
  readonly allowed: AllowList;
  readonly large: LargeValues;
  readonly reports: Reports;
  readonly slots: () => LocalProfile;
}

/** Whose part it is: that of a slot which the host knows, or of one that has joined since. */
interface Part {
  readonly host: string;
  readonly id: number | undefined;
}

/** Runs what `everywhere()` of hosts asks for, in its order, on each slot; on those that come later too. */
export class EverywhereParts {
  readonly #parts: Parts;
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  /** One after the other, for some may have to be fetched. */
  #queue: Promise<void> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @throws ValiError if the message is none */
  received({ head, body }: Frame): void {
    const part = v.parse(everywhereHead, head);
    this.#queue = this.#queue
      .then(() => this.#run(part, body))
      .catch((error: unknown) => diag.warn('mirai: a part of everywhere() failed', error));
  }

  /** Resolves when the slots have it all up to `epoch`; `false` if the host does not send it. */
  async caughtUp(host: string, epoch: number): Promise<boolean> {
    const { hosts, reports } = this.#parts;
    const isThere = () => hosts.epoch(host) >= epoch;
    const ask = () => reports.tell(host, { kind: 'behind', epoch: hosts.epoch(host) });
    for (const end = performance.now() + patience; !isThere() && performance.now() < end; ) {
      ask();
      await this.#change(host, askAgain);
    }
    return isThere();
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async #run(part: EverywhereHead, inline: Uint8Array): Promise<void> {
    const { hosts, allowed, large, reports, slots } = this.#parts;
    const { host, epoch, ids, form, submitted } = part;
    if (epoch <= hosts.epoch(host)) return; // it was sent once more
    if (epoch > hosts.epoch(host) + 1)
      return reports.tell(host, { kind: 'behind', epoch: hosts.epoch(host) });
    try {
      const source = allowed.admit(part.source);
      const body = part.large ? await large.get(part.large) : inline;
      let next = 0;
      const make = () =>
        makeTask({
          ...{ source, form, body, submitted, listener: this.#listener },
          id: ids[next] ?? 0,
          trace: part.traces?.[next],
          owner: { host, id: ids[next++] },
        });
      slots().everywhere(make, 0, () => undefined);
      // Whatever comes later waits behind it in the queue of the slots.
      this.#advance(host, epoch);
      for (; next < ids.length; next++) this.#lost(host, ids[next], 'the slot is gone', false);
    } catch (error) {
      this.#advance(host, epoch);
      const message = error instanceof Error ? error.message : String(error);
      for (const id of ids) this.#lost(host, id, message, true);
    }
  }

  #advance(host: string, epoch: number): void {
    this.#parts.hosts.advance(host, epoch);
    for (const resolve of this.#waiting.get(host) ?? []) resolve();
    this.#waiting.delete(host);
  }

  #lost(host: string, id: number | undefined, message: string, refused: boolean): void {
    if (id === undefined) return;
    this.#parts.reports.send(host, {
      head: { kind: 'lost', id, message, ...(refused && { refused }) },
      body: '',
    });
  }

  readonly #listener: TaskListener<Part> = {
    resolved: () => undefined,
    rejected: ({ host, id }, error) =>
      this.#lost(host, id, error instanceof Error ? error.message : String(error), false),
    ended: ({ host, id }, end, by) => {
      if (id === undefined) {
        if (end.kind === 'failure')
          process.emitWarning('everywhere() failed on a slot that joined later', 'MiraiWarning');
        return;
      }
      const { reports } = this.#parts;
      Promise.resolve(reports.ended(host, id, end, slotOf(by))).then(
        (report) => reports.send(host, report),
        (error: unknown) => this.#lost(host, id, String(error), true),
      );
    },
  };

  #change(host: string, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(host) ?? new Set();
      this.#waiting.set(host, waiting);
      const timer = setTimeout(done, ms);
      this.#timers.add(timer);
      const timers = this.#timers;
      function done() {
        clearTimeout(timer);
        timers.delete(timer);
        waiting.delete(done);
        resolve();
      }
      waiting.add(done);
    });
  }
}
