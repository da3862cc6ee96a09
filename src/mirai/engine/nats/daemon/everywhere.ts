import { diag } from '@opentelemetry/api';
import * as v from 'valibot';
import { MiraiError } from '../../../errors.js';
import type { LocalProfile } from '../../../host/local-profile.js';
import type { TaskListener } from '../../../host/pending-task.js';
import type { Packed } from '../../../protocol/codec.js';
import type { TaskSource } from '../../../protocol/messages.js';
import type { LargeValues } from '../large-values.js';
import type { Frame } from '../wire/frame.js';
import { type EverywhereHead, everywhereHead } from '../wire/task.js';
import type { AllowList } from './allow-list.js';
import { slotOf } from './hand.js';
import type { EpochHead } from './host-messages.js';
import type { Hosts } from './hosts.js';
import { makeTask, packedOf } from './make-task.js';
import type { Report, Reports } from './reports.js';

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
  /** Those that have come, and of which the host does not know the end. */
  readonly #open = new Set<string>();
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
    this.#next(() => this.#run(part, body));
  }

  /** The host asks for parts: what it has said, or was told, may have been lost on the way. */
  asked({ host, epoch, ids }: EpochHead): void {
    const { hosts, reports } = this.#parts;
    this.#next(() => {
      const own = hosts.epoch(host);
      if (own < epoch) return reports.tell(host, { kind: 'behind', epoch: own });
      for (const id of ids)
        if (!this.#open.has(keyOf(host, id)))
          this.#lost(host, id, `the end of task ${id} was lost on its way`, false);
    });
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

  #next(step: () => Promise<void> | void): void {
    this.#queue = this.#queue
      .then(step)
      .catch((error: unknown) => diag.warn('mirai: a part of everywhere() failed', error));
  }

  async #run(part: EverywhereHead, inline: Uint8Array): Promise<void> {
    const { hosts, allowed, large, reports, slots } = this.#parts;
    const { host, epoch, ids, form, submitted } = part;
    if (epoch <= hosts.epoch(host)) return; // it was sent once more
    if (epoch > hosts.epoch(host) + 1)
      return reports.tell(host, { kind: 'behind', epoch: hosts.epoch(host) });
    for (const id of ids) this.#open.add(keyOf(host, id));
    let source: TaskSource;
    let packed: Packed;
    try {
      source = allowed.admit(part.source);
      packed = packedOf(form, part.large ? await large.get(part.large) : inline);
    } catch (error) {
      // Where the server is not to be reached just now, the host asks for it once more.
      if (!(error instanceof MiraiError)) throw error;
      this.#advance(host, epoch);
      for (const id of ids) this.#lost(host, id, error.message, true);
      return;
    }
    let next = 0;
    const make = () =>
      makeTask({
        ...{ source, packed, submitted, listener: this.#listener },
        id: ids[next] ?? 0,
        trace: part.traces?.[next],
        owner: { host, id: ids[next++] },
      });
    slots().everywhere(make, 0, () => undefined);
    // Whatever comes later waits behind it in the queue of the slots.
    this.#advance(host, epoch);
    for (; next < ids.length; next++) this.#lost(host, ids[next], 'the slot is gone', false);
  }

  #advance(host: string, epoch: number): void {
    this.#parts.hosts.advance(host, epoch);
    for (const resolve of this.#waiting.get(host) ?? []) resolve();
    this.#waiting.delete(host);
  }

  #lost(host: string, id: number | undefined, message: string, refused: boolean): void {
    if (id === undefined) return;
    this.#send(host, id, { head: { kind: 'lost', id, message, ...(refused && { refused }) }, body: '' });
  }

  #send(host: string, id: number, report: Report): void {
    this.#parts.reports.sendEnd({ host, id }, report, () => this.#open.delete(keyOf(host, id)));
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
      Promise.resolve(reports.ended({ host, id }, end, slotOf(by))).then(
        (report) => this.#send(host, id, report),
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

function keyOf(host: string, id: number): string {
  return `${host} ${id}`;
}
