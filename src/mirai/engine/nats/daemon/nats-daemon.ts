import type { Connection } from '../../../host/connection.js';
import type { LocalProfile } from '../../../host/local-profile.js';
import type { PendingTask } from '../../../host/pending-task.js';
import { LargeValues } from '../large-values.js';
import { defaultLargest } from '../limits.js';
import type { LeaveReason, NatsDaemon, NatsDaemonOptions } from '../options.js';
import type { Presence } from '../wire/from-daemon.js';
import { within } from '../within.js';
import { EverywhereParts } from './everywhere.js';
import { Hand, slotOf } from './hand.js';
import { HandBack } from './hand-back.js';
import { tasksByHost } from './held-task.js';
import { type Hello, listenToHosts } from './host-messages.js';
import { Hosts } from './hosts.js';
import { IdleDaemons } from './idle-daemons.js';
import { Keyed } from './keyed.js';
import { Leaving } from './leaving.js';
import { LeaveLimits } from './limits.js';
import { Outbox } from './outbox.js';
import { OwnPresence } from './presence.js';
import { Reports } from './reports.js';
import { serve } from './service.js';
import type { Setting } from './setting.js';
import { slotsOf } from './slots.js';
import { SpanForwarder } from './span-forwarder.js';
import { Supply } from './supply.js';
import { Underway } from './underway.js';
import { Work } from './work.js';

/** How long hosts have to confirm what a daemon tells them at its end, and the server to take its last words, in ms. */
const farewell = 10_000;
const drainTime = 2000;

/** A daemon that was started on its own: its slots, and what connects them with hosts. */
export class RunningDaemon implements NatsDaemon {
  readonly id: string;
  readonly #setting: Setting;
  readonly #options: NatsDaemonOptions;
  readonly #slots: LocalProfile;
  readonly #hand: Hand;
  readonly #handBack: HandBack;
  readonly #hosts = new Hosts();
  readonly #outbox: Outbox;
  readonly #reports: Reports;
  readonly #reporting = new Underway();
  readonly #spans: SpanForwarder;
  readonly #limits: LeaveLimits;
  readonly #work: Work;
  readonly #idle: IdleDaemons;
  readonly #everywhere: EverywhereParts;
  readonly #supply: Supply;
  readonly #self: OwnPresence;
  readonly #leaving = new Leaving({
    finish: () => this.#finish(),
    disconnect: () => this.#disconnect(),
  });

  constructor(setting: Setting, options: NatsDaemonOptions) {
    const { id, connection, names, endpoint, allowed } = setting;
    this.id = id;
    this.#setting = setting;
    this.#options = options;
    const large = new LargeValues(connection, names, options.largest ?? defaultLargest);
    this.#outbox = new Outbox(connection, `${names.toDaemon(id)}.sent`, () => this.#supply.fill());
    this.#reports = new Reports(connection, names, id, this.#outbox, large);
    this.#spans = new SpanForwarder((host, slot, spans, isOver) =>
      this.#reports.spans(host, slotOf(slot), spans, isOver),
    );
    this.#slots = slotsOf(options, endpoint, setting.launch !== undefined, {
      relay: this.#spans,
      lost: (connection, tasks) => this.#slotLost(connection, tasks),
      changed: () => this.#changed(),
      failed: (error) => this.#fail(error),
    });
    const slots = () => this.#slots;
    this.#self = new OwnPresence(setting, options, slots);
    this.#hand = new Hand(slots, {
      started: (held) => this.#work.started(held),
      stuck: () => this.#stuck(),
      full: () => this.#supply.fill(),
    });
    this.#handBack = new HandBack({ hand: this.#hand, work: () => this.#work, slots });
    this.#idle = new IdleDaemons(connection, names, id, () => this.#handBack.stuck());
    const parts = { hosts: this.#hosts, allowed, large, reports: this.#reports, slots };
    this.#everywhere = new EverywhereParts(parts);
    this.#limits = new LeaveLimits(options, (reason) => void this.#leaving.begin(reason));
    this.#supply = new Supply(setting, {
      free: () => this.#hand.free,
      room: () => this.#room,
      isFull: () => this.#hand.isFull,
      take: (delivery) => this.#work.take(delivery),
      tellOfWork: () => this.#hand.tellOfWork(),
    });
    this.#work = new Work({
      ...parts,
      hand: this.#hand,
      reporting: this.#reporting,
      room: () => this.#room,
      isLeaving: () => this.#self.state !== 'here',
      keyed: new Keyed(setting, (sequence) => this.#supply.has(sequence)),
      on: {
        took: () => this.#limits.took(),
        ended: () => this.#ended(),
        gaveBack: () => {
          this.#limits.gaveBack();
          this.#supply.fill();
        },
      },
      caughtUp: (host, epoch) => this.#everywhere.caughtUp(host, epoch),
    });
  }

  /** @throws what kept the slots from coming up */
  async start(): Promise<void> {
    const { connection, names, id, version } = this.#setting;
    const { concurrency = 1, compute = 'default' } = this.#options;
    await this.#slots.start(concurrency);
    listenToHosts(connection, [names.toDaemon(id), names.toDaemons], {
      everywhere: (frame) => this.#everywhere.received(frame),
      confirmed: (host, n) => this.#outbox.confirmed(host, n),
      cancelled: (host, ids) => this.#work.cancelled(host, ids),
      hello: (head) => this.#hello(head),
      epoch: (head) => this.#everywhere.asked(head),
    });
    serve(connection, {
      ...{ name: names.service, id, version, metadata: { compute } },
      presence: () => this.presence(),
    });
    // Whoever hears of this daemon may answer at once.
    await connection.flush();
    this.#supply.start();
    this.#watch().catch((error: unknown) => this.#fail(error));
    this.#limits.start();
    this.#self.announce();
    this.#supply.fill();
  }

  get left(): Promise<LeaveReason> {
    return this.#leaving.left;
  }

  /** Resolves when it leaves and its tasks are over. */
  get finished(): Promise<LeaveReason> {
    return this.#leaving.finished;
  }

  leave(): Promise<void> {
    return this.#leaving.begin('told');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.leave();
  }

  /** Breaks off what it has. */
  abort(): void {
    this.#handBack.all();
    void this.#slots.reset();
  }

  #hello({ host, time, tracing, ackWait }: Hello): void {
    this.#hosts.told(host, time);
    if (tracing) this.#spans.heardOf(host);
    if (ackWait !== undefined) this.#supply.ackWait(ackWait);
    this.#self.announce(host);
  }

  /** How many more tasks may come. */
  get #room(): number {
    const takesMore = this.#self.state === 'here' && !this.#outbox.isFull;
    return takesMore ? Math.min(this.#hand.room, this.#limits.left) : 0;
  }

  presence(): Presence {
    return this.#self.now;
  }

  #ended(): void {
    this.#limits.ended();
    this.#supply.fill();
  }

  /** Slots are free or busy now, or have given tasks back. */
  #changed(): void {
    if (this.#self.state === 'here') this.#supply.fill();
    else this.#handBack.waiting();
    this.#hand.changed();
  }

  /** Tasks wait behind others that take long. */
  #stuck(): void {
    if (this.#self.state !== 'here') this.#handBack.waiting();
    else {
      this.#handBack.overdue();
      this.#idle.ask();
    }
  }

  #slotLost({ connect }: Connection, tasks: ReadonlySet<PendingTask>): void {
    const lost = tasksByHost(tasks);
    const { host } = this.#spans;
    if (lost.size === 0 && host !== undefined) lost.set(host, []);
    for (const [each, ids] of lost) this.#reports.slotLost(each, connect, ids);
    this.#self.announce();
  }

  async #watch(): Promise<void> {
    for await (const { type } of this.#setting.connection.status()) {
      if (type !== 'reconnect' || this.#self.state === 'gone') continue;
      this.#supply.reconnected();
      this.#outbox.resendAll();
      this.#self.announce();
    }
  }

  #fail(error: unknown): void {
    this.#leaving.fail(error);
    // At once: what the slots have goes with them.
    this.#handBack.waiting();
  }

  async #finish(): Promise<void> {
    this.#self.state = 'leaving';
    await this.#supply.stop();
    this.#self.announce();
    this.#slots.recallStale();
    this.#handBack.waiting();
    await this.#hand.empty();
    this.#limits.stop();
  }

  async #disconnect(): Promise<void> {
    const { connection } = this.#setting;
    // Slots hand over their last spans.
    await this.#slots.reset();
    await within(
      farewell,
      this.#reporting.over().then(() => this.#outbox.empty(farewell)),
    );
    this.#self.state = 'gone';
    this.#self.announce();
    this.#hand.stop();
    this.#everywhere.stop();
    this.#outbox.close();
    this.#supply.close();
    // What is still in the buffers goes out, acknowledgements too.
    await within(drainTime, connection.drain());
    await connection.close();
  }
}
