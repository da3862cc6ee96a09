import { MiraiError } from '../../../errors.js';
import type { PendingTask, TaskListener } from '../../../host/pending-task.js';
import type { LargeValues } from '../large-values.js';
import type { AllowList } from './allow-list.js';
import type { Hand } from './hand.js';
import type { HeldTask } from './held-task.js';
import type { Hosts } from './hosts.js';
import type { Keyed } from './keyed.js';
import { makeTask, packedOf } from './make-task.js';
import { type Report, type Reports, refusal } from './reports.js';

/** In how many ms a task may come again that cannot be run yet. */
const again = 1000;

/** How often a task is delivered for each time that it may be begun. */
const givenBackAtMost = 50;

/** What is to be done with a task that has come. */
export type Prepared =
  | { readonly kind: 'run'; readonly task: PendingTask }
  /** It is to come again, here or elsewhere. */
  | { readonly kind: 'giveBack'; readonly ms?: number }
  | { readonly kind: 'end'; readonly report: Report };

export interface PreparationParts {
  readonly hand: Hand;
  readonly hosts: Hosts;
  readonly allowed: AllowList;
  readonly large: LargeValues;
  readonly keyed: Keyed;
  readonly reports: Reports;
  /** Resolves when the slots have what `everywhere()` of the host was to do before; `false` if it does not come. */
  readonly caughtUp: (host: string, epoch: number) => Promise<boolean>;
}

/** Finds out whether a task that has come may be run, and what it needs for that. */
export class Preparation {
  readonly #parts: PreparationParts;
  readonly #listener: TaskListener<HeldTask>;

  constructor(parts: PreparationParts, listener: TaskListener<HeldTask>) {
    this.#parts = parts;
    this.#listener = listener;
  }

  async of(held: HeldTask, inline: Uint8Array): Promise<Prepared> {
    try {
      return await this.#prepare(held, inline);
    } catch (error) {
      // What is no fault of the task, such as a connection that is lost, may be over when it comes again.
      const isTransient = held.delivery.sequence !== undefined && !(error instanceof MiraiError);
      if (isTransient) return { kind: 'giveBack', ms: again };
      return { kind: 'end', report: refusal(held.head.id, error) };
    }
  }

  /** With no waits but those for which there is a reason: most tasks go on at once. */
  async #prepare(held: HeldTask, inline: Uint8Array): Promise<Prepared> {
    const { head, delivery } = held;
    const { id, host, key } = head;
    const { allowed, hosts, caughtUp, keyed, large, hand, reports } = this.#parts;
    const source = allowed.admit(head.source);
    // Of one that is never evaluated twice the key says whether it has begun, however long it has waited for another one.
    const isOnce = key !== undefined && head.once === true;
    const mayStart = isOnce || delivery.count <= head.deliveries || (await this.#mayStart(held));
    if (mayStart === undefined) return { kind: 'giveBack', ms: again };
    if (!mayStart) {
      const message = `the daemons of task ${id} were lost, ${head.deliveries} times at least`;
      await keyed.lost(held, message);
      return { kind: 'end', report: { head: { kind: 'lost', id, message }, body: '' } };
    }
    if (head.epoch > hosts.epoch(host) && !(await caughtUp(host, head.epoch))) {
      if (!(await reports.isGone(host))) return { kind: 'giveBack', ms: again };
      const message = 'what everywhere() was to do before the task is not to be had: its host is gone';
      await keyed.lost(held, message);
      return { kind: 'end', report: refusal(id, new MiraiError(message)) };
    }
    // Which may take longer than its host waits for a sign of a task that has come directly.
    if (head.large && held.isDirect) reports.tell(host, { kind: 'started', id, delivery: delivery.count });
    const body = head.large ? await large.get(head.large) : inline;
    // Who had it before may have been lost by it: that it is begun has to be known before it is, and only then.
    if (delivery.count > 1) await hand.turn(held);
    const task = makeTask({
      id,
      source,
      packed: packedOf(head.form, body),
      submitted: head.submitted + hosts.offset(host),
      inMap: head.inMap,
      cleanup: head.cleanup,
      random: head.random,
      retries: head.once ? 0 : head.retries,
      trace: delivery.trace,
      listener: this.#listener,
      owner: held,
    });
    // Not before: of one whose key is claimed, others have to think that it has begun.
    if (isOnce && held.isWanted) {
      const claim = await keyed.claim(held, key);
      if (claim.kind === 'wait') return { kind: 'giveBack', ms: again };
      if (claim.kind === 'known') return { kind: 'end', report: claim.report };
    }
    if (delivery.count > 1 && held.isWanted) {
      await keyed.begin(held);
      await reports.startedAgain(head, delivery.count);
    }
    return { kind: 'run', task };
  }

  /** Most deliveries come of tasks that were given back. Where nobody knows, there is an end to it all the same. */
  async #mayStart(held: HeldTask): Promise<boolean | undefined> {
    const { head, delivery } = held;
    const { keyed, reports } = this.#parts;
    if (delivery.count > head.deliveries * givenBackAtMost) return false;
    const answer = await reports.mayStart(head);
    if (answer !== undefined || head.key === undefined) return answer;
    // Of the first delivery nothing is written down, and a host that only cannot be reached may know better.
    return 1 + (await keyed.begunAgain(held)) < head.deliveries || undefined;
  }
}
