import type { Connection } from '../../../host/connection.js';
import type { LocalProfile } from '../../../host/local-profile.js';
import type { PendingTask } from '../../../host/pending-task.js';
import { KeyStore } from '../key-store.js';
import { LargeValues } from '../large-values.js';
import { defaultLargest } from '../limits.js';
import type { LeaveReason, NatsDaemon, NatsDaemonOptions } from '../options.js';
import { publishTo } from '../publish.js';
import { toFrame } from '../wire/frame.js';
import type { Presence } from '../wire/from-daemon.js';
import { EverywhereParts } from './everywhere.js';
import { Hand, slotOf } from './hand.js';
import { tasksByHost } from './held-task.js';
import { type Hello, listenToHosts } from './host-messages.js';
import { Hosts } from './hosts.js';
import { IdleDaemons } from './idle-daemons.js';
import { Keyed } from './keyed.js';
import { LeaveLimits } from './limits.js';
import { Outbox } from './outbox.js';
import { presenceOf } from './presence.js';
import { Reports } from './reports.js';
import { serve } from './service.js';
import type { Setting } from './setting.js';
import { slotsOf } from './slots.js';
import { SpanForwarder } from './span-forwarder.js';
import { Supply } from './supply.js';
import { Work } from './work.js';

/** How long hosts have to confirm what a daemon tells them at its end, in ms. */
const farewell = 10_000;

/** A daemon that was started on its own: its slots, and what connects them with hosts. */
export class RunningDaemon implements NatsDaemon {
  readonly id: string;
  readonly left: Promise<LeaveReason>;
  /** Resolves when it begins to leave. */
  readonly leaving: Promise<LeaveReason>;
  readonly #setting: Setting;
  readonly #options: NatsDaemonOptions;
  readonly #slots: LocalProfile;
  readonly #hand: Hand;
  readonly #hosts = new Hosts();
  readonly #outbox: Outbox;
  readonly #reports: Reports;
  readonly #spans: SpanForwarder;
  readonly #limits: LeaveLimits;
  readonly #work: Work;
  readonly #idle: IdleDaemons;
  readonly #everywhere: EverywhereParts;
  readonly #startedAt = new Date().toISOString();
  readonly #supply: Supply;
  #state: Presence['state'] = 'here';
  #leaving: Promise<void> | undefined;
  #settle: { resolve: (reason: LeaveReason) => void; reject: (error: unknown) => void } | undefined;
  #tellLeaving: ((reason: LeaveReason) => void) | undefined;
  #onIdle: (() => void) | undefined;

  constructor(setting: Setting, options: NatsDaemonOptions) {
    const { id, connection, names, endpoint, allowed, stream } = setting;
    this.id = id;
    this.#setting = setting;
    this.#options = options;
    this.left = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.left.catch(() => undefined); // whoever wants to know asks
    this.leaving = new Promise((resolve) => {
      this.#tellLeaving = resolve;
    });
    const large = new LargeValues(connection, names, options.largest ?? defaultLargest);
    this.#outbox = new Outbox(connection, `${names.toDaemon(id)}.sent`);
    this.#reports = new Reports(connection, names, id, this.#outbox, large);
    this.#spans = new SpanForwarder((host, slot, spans, isOver) =>
      this.#reports.spans(host, slotOf(slot), spans, isOver),
    );
    this.#slots = slotsOf(options, endpoint, setting.launch !== undefined, {
      relay: this.#spans,
      lost: (connection, tasks) => this.#slotLost(connection, tasks),
      changed: () => this.#supply.fill(),
      failed: (error) => this.#fail(error),
    });
    const slots = () => this.#slots;
    this.#hand = new Hand(slots, {
      started: (held) => this.#work.started(held),
      stuck: () => this.#idle.ask(),
    });
    this.#idle = new IdleDaemons(connection, names, id, () => {
      for (const held of this.#hand.stuck()) this.#work.giveBack(held);
    });
    const parts = { hosts: this.#hosts, allowed, large, reports: this.#reports, slots };
    this.#everywhere = new EverywhereParts(parts);
    this.#limits = new LeaveLimits(options, (reason) => void this.#leave(reason));
    this.#supply = new Supply(setting, {
      room: () => this.#room,
      take: (delivery) => this.#work.take(delivery),
      tellOfWork: () => this.#hand.tellOfWork(),
    });
    this.#work = new Work({
      ...parts,
      hand: this.#hand,
      room: () => this.#room,
      isLeaving: () => this.#state !== 'here',
      keyed: new Keyed(new KeyStore(connection, names), async (sequence) => {
        const known = await stream?.manager.streams.getMessage(names.stream, { seq: sequence });
        return known !== null && known !== undefined;
      }),
      on: {
        took: () => this.#limits.took(),
        ended: () => this.#ended(),
        gaveBack: () => {
          this.#limits.gaveBack();
          this.#rest();
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
    await this.#slots.launch(concurrency);
    listenToHosts(connection, [names.toDaemon(id), names.toDaemons], {
      everywhere: (frame) => this.#everywhere.received(frame),
      confirmed: (host, n) => this.#outbox.confirmed(host, n),
      cancelled: (host, ids) => this.#work.cancelled(host, ids),
      hello: (head) => this.#hello(head),
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
    this.#announce();
    this.#supply.fill();
  }

  async leave(): Promise<void> {
    await this.#leave('told');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.leave();
  }

  /** Hands back what it has, to be run by others. */
  abort(): void {
    for (const held of [...this.#hand.all]) this.#work.giveBack(held);
  }

  #hello({ host, time, tracing, ackWait }: Hello): void {
    const { connection, names } = this.#setting;
    this.#hosts.told(host, time);
    if (tracing) this.#spans.heardOf(host);
    if (ackWait !== undefined) this.#supply.ackWait(ackWait);
    publishTo(connection, names.toHost(host), toFrame(this.presence()));
  }

  /** How many more tasks may come. */
  get #room(): number {
    return this.#state === 'here' ? Math.min(this.#hand.room, this.#limits.left) : 0;
  }

  presence(): Presence {
    return presenceOf(this.#setting, this.#options, this.#startedAt, this.#state, this.#slots);
  }

  #announce(): void {
    const { connection, names } = this.#setting;
    publishTo(connection, names.toHosts, toFrame(this.presence()));
  }

  #ended(): void {
    this.#limits.ended();
    this.#rest();
    this.#supply.fill();
  }

  #rest(): void {
    if (this.#hand.size === 0) this.#onIdle?.();
  }

  #slotLost({ connect }: Connection, tasks: ReadonlySet<PendingTask>): void {
    const lost = tasksByHost(tasks);
    const { host } = this.#spans;
    if (lost.size === 0 && host !== undefined) lost.set(host, []);
    for (const [each, ids] of lost) this.#reports.slotLost(each, connect, ids);
    this.#announce();
  }

  async #watch(): Promise<void> {
    for await (const { type } of this.#setting.connection.status()) {
      if (type !== 'reconnect' || this.#state === 'gone') continue;
      this.#supply.reconnected();
      this.#outbox.resendAll();
      this.#announce();
    }
  }

  #fail(error: unknown): void {
    this.#settle?.reject(error);
    void this.#leave('told');
  }

  #leave(reason: LeaveReason): Promise<void> {
    this.#leaving ??= this.#leaveNow(reason);
    return this.#leaving;
  }

  async #leaveNow(reason: LeaveReason): Promise<void> {
    this.#state = 'leaving';
    this.#tellLeaving?.(reason);
    await this.#supply.stop();
    this.#announce();
    for (const held of [...this.#hand.all]) if (held.isWaiting) this.#work.giveBack(held);
    while (this.#hand.size > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    this.#limits.stop();
    // Slots hand over their last spans.
    await this.#slots.reset();
    await this.#outbox.empty(farewell);
    this.#state = 'gone';
    this.#announce();
    this.#hand.stop();
    this.#everywhere.stop();
    this.#outbox.close();
    this.#supply.close();
    // What is still in the buffers goes out, acknowledgements too.
    await this.#setting.connection.drain().catch(() => undefined);
    this.#settle?.resolve(reason);
  }
}
