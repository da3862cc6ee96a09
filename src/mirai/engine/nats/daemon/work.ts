import { diag } from '@opentelemetry/api';
import * as v from 'valibot';
import { MiraiError, MiraiInterrupt } from '../../../errors.js';
import type { LocalProfile } from '../../../host/local-profile.js';
import type { EndOfTask, TaskListener } from '../../../host/pending-task.js';
import type { Origin } from '../../../telemetry/relay.js';
import type { LargeValues } from '../large-values.js';
import { fromFrame } from '../wire/frame.js';
import { type TaskHead, taskHead } from '../wire/task.js';
import type { AllowList } from './allow-list.js';
import type { Delivery } from './delivery.js';
import { type Hand, slotOf } from './hand.js';
import type { HeldTask } from './held-task.js';
import type { Hosts } from './hosts.js';
import type { Keyed } from './keyed.js';
import { makeTask, packedOf } from './make-task.js';
import { type Report, type Reports, refusal } from './reports.js';
import type { Underway } from './underway.js';

/** In how many ms a task may come again that cannot be run yet. */
const again = 1000;

interface Parts {
  readonly hand: Hand;
  readonly hosts: Hosts;
  readonly allowed: AllowList;
  readonly large: LargeValues;
  readonly keyed: Keyed;
  readonly reports: Reports;
  /** The ends of tasks of which hosts are about to be told. */
  readonly reporting: Underway;
  readonly slots: () => LocalProfile;
  /** How many more tasks may come. */
  readonly room: () => number;
  /** Whether the daemon takes no more tasks; some may be on their way. */
  readonly isLeaving: () => boolean;
  /** A task has come, is over, or was given back without having been run. */
  readonly on: { took(): void; ended(): void; gaveBack(): void };
  /** Resolves when the slots have what `everywhere()` of the host was to do before; `false` if it does not come. */
  readonly caughtUp: (host: string, epoch: number) => Promise<boolean>;
}

/** How often a task is delivered for each time that it may be begun. */
const givenBackAtMost = 50;

/** One that comes back again and again is wanted by nobody who is busy. @returns in ms */
function backOff(count: number): number | undefined {
  return count === 2 ? undefined : Math.min(again, 10 * 2 ** (count - 2));
}

/** Runs the tasks that come: nothing in a message is used before it is known to be what it must be. */
export class Work {
  readonly #parts: Parts;
  readonly #listener: TaskListener<HeldTask>;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#listener = {
      resolved: () => undefined,
      rejected: (held, error) => this.#notRun(held, error),
      progressed: ({ head }, fraction) =>
        parts.reports.tell(head.host, { kind: 'progress', id: head.id, fraction }),
      ended: (held, end, by) => parts.reporting.add(this.#ended(held, end, by)),
    };
  }

  take(delivery: Delivery): void {
    let head: TaskHead;
    let body: Uint8Array;
    try {
      const frame = fromFrame(delivery.bytes);
      head = v.parse(taskHead, frame.head);
      body = frame.body;
    } catch (error) {
      diag.warn('mirai: a message that is no task was dropped', error);
      delivery.drop();
      return;
    }
    const { hand, hosts, on, isLeaving } = this.#parts;
    if (isLeaving()) {
      delivery.giveBack(head.host, head.id);
      return;
    }
    if (hosts.wasCancelled(head.host, head.id)) {
      delivery.ack();
      return;
    }
    if (delivery.sequence === undefined && this.#parts.room() <= 0) {
      delivery.giveBack(head.host, head.id);
      return;
    }
    const held = hand.add(head, delivery);
    if (!held) return; // it is at it already, or has said how it ended
    on.took();
    this.#prepare(held, body).catch((error: unknown) => {
      // What is no fault of the task, such as a connection that is lost, may be over when it comes again.
      const isTransient = delivery.sequence !== undefined && !(error instanceof MiraiError);
      if (isTransient) this.giveBack(held, again);
      else this.#report(held, refusal(held.head.id, error));
    });
  }

  /** Tells the host that the task runs. */
  started(held: HeldTask): void {
    const { head, delivery } = held;
    held.isTold = true;
    const slot = this.#slotOf(held);
    this.#parts.reports.tell(head.host, { kind: 'started', id: head.id, delivery: delivery.count, slot });
  }

  giveBack(held: HeldTask, ms = backOff(held.delivery.count + 1)): void {
    const { hand, slots, on } = this.#parts;
    if (!hand.over(held)) return;
    if (held.task) slots().cancel(held.task, new MiraiError('the task was given back'));
    held.delivery.giveBack(held.head.host, held.head.id, ms);
    on.gaveBack();
  }

  /** @param ids all tasks of the host where there are none */
  cancelled(host: string, ids: readonly number[] | undefined): void {
    const { hand, hosts } = this.#parts;
    if (!ids) for (const held of [...hand.all]) if (held.head.host === host) this.#cancel(held);
    for (const id of ids ?? []) {
      const held = hand.find(host, id);
      if (held) this.#cancel(held);
      else hosts.cancelled(host, id);
    }
  }

  #cancel(held: HeldTask): void {
    this.#parts.keyed.cancelled(held);
    if (held.task) this.#parts.slots().cancel(held.task, new MiraiInterrupt('the task was cancelled'));
    else this.#over(held, true);
  }

  /** With no waits but those for which there is a reason: most tasks go on at once. */
  async #prepare(held: HeldTask, inline: Uint8Array): Promise<void> {
    const { head, delivery } = held;
    const { allowed, hosts, caughtUp, keyed, large, hand, reports } = this.#parts;
    const source = allowed.admit(head.source);
    const mayStart = delivery.count <= head.deliveries || (await this.#mayStart(held));
    if (mayStart === undefined) return this.giveBack(held, again);
    if (!mayStart) {
      const message = `the daemons of task ${head.id} were lost, ${head.deliveries} times at least`;
      await keyed.lost(held, message);
      return this.#report(held, { head: { kind: 'lost', id: head.id, message }, body: '' });
    }
    if (head.epoch > hosts.epoch(head.host) && !(await caughtUp(head.host, head.epoch))) {
      if (!(await reports.isGone(head.host))) return this.giveBack(held, again);
      const message = 'what everywhere() was to do before the task is not to be had: its host is gone';
      await keyed.lost(held, message);
      return this.#report(held, refusal(head.id, new MiraiError(message)));
    }
    if (head.key !== undefined && head.once) {
      const claimed = await keyed.claim(held, head.key);
      if (claimed.kind === 'wait') return this.giveBack(held, again);
      if (claimed.kind === 'known') return this.#report(held, claimed.report);
    }
    // Which may take longer than its host waits for a sign of a task that has come directly.
    if (head.large && held.isDirect)
      reports.tell(head.host, { kind: 'started', id: head.id, delivery: delivery.count });
    const body = head.large ? await large.get(head.large) : inline;
    if (delivery.count > 1) {
      // Who had it before may have been lost by it: that it is begun has to be known before it is, and only then.
      if (!hand.hasIdle) return this.giveBack(held);
      await reports.startedAgain(head, delivery.count);
    }
    if (held.isOver) return;
    const task = makeTask({
      id: head.id,
      source,
      packed: packedOf(head.form, body),
      submitted: head.submitted + hosts.offset(head.host),
      inMap: head.inMap,
      cleanup: head.cleanup,
      random: head.random,
      retries: head.once ? 0 : head.retries,
      trace: delivery.trace,
      listener: this.#listener,
      owner: held,
    });
    hand.submit(held, task);
  }

  /** Most deliveries come of tasks that were given back. Where nobody knows, there is an end to it all the same. */
  async #mayStart({ head, delivery }: HeldTask): Promise<boolean | undefined> {
    if (delivery.count > head.deliveries * givenBackAtMost) return false;
    return this.#parts.reports.mayStart(head);
  }

  async #ended(held: HeldTask, end: EndOfTask, by: Origin): Promise<void> {
    const { hand, reports, keyed, on } = this.#parts;
    const { host, id, key } = held.head;
    if (!hand.over(held, end.ran)) return;
    hand.tell(held);
    on.ended();
    let report = reports.ended(host, id, end, slotOf(by));
    if (report instanceof Promise) report = await report;
    if (key !== undefined) await keyed.keep(key, end.kind, report);
    this.#send(held, report);
  }

  /** Its slot was lost, or it was cancelled. */
  #notRun(held: HeldTask, error: unknown): void {
    const { head } = held;
    const { keyed, reporting } = this.#parts;
    // Not wanted any more, or in the hands of others by now.
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'daemonLost') {
      this.#over(held, true);
      return;
    }
    const { message } = error;
    // The slots were gone before it came to them.
    if (!held.task?.ticket) {
      this.giveBack(held);
      return;
    }
    const report = { head: { kind: 'lost', id: head.id, message }, body: '' };
    reporting.add(keyed.lost(held, message).then(() => this.#report(held, report)));
  }

  #report(held: HeldTask, report: Report): void {
    if (!this.#over(held, false)) return;
    this.#parts.hand.tell(held);
    this.#send(held, report);
  }

  /** The stream has the task until its host has the end of it. */
  #send(held: HeldTask, report: Report): void {
    const { reports, hand } = this.#parts;
    reports.sendEnd(held.head, report, () => hand.confirmed(held));
  }

  #over(held: HeldTask, ack: boolean): boolean {
    if (!this.#parts.hand.over(held)) return false;
    if (ack) held.delivery.ack();
    this.#parts.on.ended();
    return true;
  }

  #slotOf({ task }: HeldTask) {
    const daemon = task?.ticket?.daemon;
    const connection = daemon === undefined ? undefined : this.#parts.slots().connections.get(daemon);
    return connection && slotOf(connection);
  }
}
