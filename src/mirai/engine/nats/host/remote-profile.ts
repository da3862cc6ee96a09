import { Backlog } from '../../../dispatcher/backlog.js';
import type { Ticket } from '../../../dispatcher/job.js';
import { DaemonLost } from '../../../errors.js';
import { AtTheEnd } from '../../../host/at-the-end.js';
import { Life } from '../../../host/life.js';
import { Outcomes } from '../../../host/outcomes.js';
import type { PendingTask } from '../../../host/pending-task.js';
import type { Profile } from '../../../host/profile.js';
import type { ProfileOptions } from '../../../host/profile-options.js';
import { RandomStreams } from '../../../host/random-streams.js';
import type { Status } from '../../../options.js';
import { ProfileMetrics } from '../../../telemetry/profile-metrics.js';
import { ProfileTelemetry } from '../../../telemetry/profile-telemetry.js';
import { Relay } from '../../../telemetry/relay.js';
import { defaultDeliveries } from '../limits.js';
import type { NatsOptions } from '../options.js';
import { Attendance } from './attendance.js';
import { Cancellations } from './cancellations.js';
import { Collections } from './collections.js';
import { HostEpochs } from './everywhere.js';
import type { Collector } from './key-follower.js';
import { Launched } from './launched-daemons.js';
import { Reception } from './reception.js';
import { Roster } from './roster.js';
import { sendWaiting } from './send-waiting.js';
import { openSession, type Session } from './session.js';
import { TaskFlights } from './task-flights.js';
import { Unattended } from './unattended.js';

/** A profile whose tasks go by a NATS server to daemons that take them when they are free. */
export class RemoteProfile implements Profile {
  readonly options: ProfileOptions;
  readonly telemetry: ProfileTelemetry;
  readonly random: RandomStreams | undefined;
  readonly keeps: Profile['keeps'];
  readonly #nats: NatsOptions;
  readonly #backlog: Backlog<PendingTask>;
  readonly #flights: TaskFlights;
  readonly #roster = new Roster();
  readonly #metrics: ProfileMetrics;
  readonly #outcomes: Outcomes;
  readonly #life: Life;
  readonly #epochs: HostEpochs;
  readonly #launched: Launched;
  readonly #reception: Reception;
  readonly #attendance: Attendance;
  readonly #flush = new AtTheEnd(() => this.#pump());
  readonly #cancellations: Cancellations;
  readonly #collections = new Collections(() => this.#life.settleAlive());
  readonly #unattended: Unattended;
  #session: Session | undefined;

  constructor(options: ProfileOptions, nats: NatsOptions) {
    const { compute, endpoint, dispatcher, memory, seed, spanProcessor } = options;
    this.options = options;
    this.#nats = nats;
    this.random = seed === undefined ? undefined : new RandomStreams(seed);
    this.keeps = nats.delivery === 'at-most-once' ? 'nothing' : nats.durable ? 'everything' : 'by given key';
    this.telemetry = new ProfileTelemetry(endpoint, compute, dispatcher);
    this.#backlog = new Backlog(memory);
    const relay = new Relay(spanProcessor);
    const state = () => ({ ...this.#backlog.counts, connections: this.#roster.size });
    this.#metrics = new ProfileMetrics(compute, state);
    this.#outcomes = new Outcomes(this.#metrics);
    const publish = (daemon: string | undefined, message: Uint8Array) =>
      this.#session?.publish(daemon, message);
    const changed = () => this.#flush.ask();
    this.#cancellations = new Cancellations(() => this.#session?.host ?? '', publish);
    const { deliveries = defaultDeliveries } = nats;
    this.#flights = new TaskFlights({
      backlog: this.#backlog,
      outcomes: this.#outcomes,
      cancellations: this.#cancellations,
      session: () => this.#session,
      circumstances: () => ({ epoch: this.#epochs.current, deliveries, cleanup: options.start.cleanup }),
      over: (ticket) => this.#over(ticket),
      returned: changed,
    });
    this.#epochs = new HostEpochs({
      ...{ publish, backlog: this.#backlog, roster: this.#roster, changed },
      session: () => this.#need(),
      fly: (ticket, daemon) => {
        this.#flights.add(ticket).daemon = daemon;
      },
      refused: (task, error) => this.#flights.refuse(task, error),
    });
    this.#attendance = new Attendance({
      ...{ roster: this.#roster, epochs: this.#epochs },
      reception: () => this.#reception,
      session: () => this.#session,
      changed: () => {
        if (this.#roster.size > 0) this.#life.recover();
        this.#flush.ask();
      },
    });
    this.#unattended = new Unattended(compute, () => this.#session?.isConnected === true);
    const isWaiting = () => this.#backlog.counts.awaiting > 0 && !this.#roster.hasIdle;
    this.#launched = new Launched(options, nats, {
      present: (presence) => this.#attendance.present(presence),
      gone: (daemon, departure) => this.#attendance.gone(daemon, departure),
      isWaiting,
      failed: (error) => {
        if (this.#roster.size === 0) this.#life.fail(error);
        else process.emitWarning(error.message, 'MiraiWarning');
      },
    });
    this.#reception = new Reception({
      flights: this.#flights,
      roster: this.#roster,
      relay,
      outcomes: this.#outcomes,
      backlog: this.#backlog,
      epochs: this.#epochs,
      telemetry: this.telemetry,
      cancellations: this.#cancellations,
      session: () => this.#need(),
      ended: (flight) => this.#flights.ended(flight),
      returned: (flight) => this.#flights.returned(flight),
    });
    this.#life = new Life({
      compute,
      telemetry: this.telemetry,
      relay,
      live: () => this.#backlog.live + this.#collections.size,
      open: () => this.#connect(),
      add: (count) => this.#launched.add(count),
      rejectAll: (error) => this.#rejectAll(error),
      close: () => this.#close(),
    });
  }

  get size(): number {
    return Math.max(this.#launched.size, this.#roster.size, 1);
  }

  async start(count: number): Promise<void> {
    await this.#life.start(count);
    // Those that were launched are known by now; so are to be those that were there before.
    if (count === 0) await this.#session?.inbox.meet();
  }

  launch(count: number): Promise<void> {
    return this.#life.launch(count);
  }

  submit(task: PendingTask): void {
    const { failure } = this.#life;
    if (failure) {
      task.reject(failure);
      return;
    }
    task.ticket = this.#backlog.add(task);
    this.#life.settleAlive();
    this.#flush.ask();
  }

  admits(bytes: number): boolean {
    return this.#backlog.admits(bytes);
  }

  everywhere(...what: Parameters<Profile['everywhere']>): void {
    this.#epochs.add(...what);
    this.#life.settleAlive();
    this.#flush.ask();
  }

  cancel(task: PendingTask, error: Error): boolean {
    if (task.isSettled) return false;
    this.#outcomes.reject(task, error);
    const flight = this.#flights.get(task.submission.id);
    if (flight) this.#flights.cancelled(flight);
    else if (task.ticket) this.#over(task.ticket);
    return true;
  }

  reset(): Promise<void> {
    return this.#life.reset();
  }

  status(): Status {
    const daemons = this.#roster.status();
    const { compute, endpoint } = this.options;
    const mirai = { ...this.#backlog.counts, failed: this.#outcomes.failed };
    const { memory } = this.#backlog;
    return { compute, url: endpoint.url, connections: daemons.length, daemons, mirai, memory };
  }

  /** The result that is kept under a key, once it is there. */
  collect(key: string, collector: Collector): () => void {
    return this.#collections.add(this.#need().kept, key, collector);
  }

  async #connect(): Promise<void> {
    this.#session = await openSession(this.options.compute, this.#nats, {
      said: (head, body) => this.#reception.said(head, body),
      present: (presence) => this.#attendance.present(presence),
      starts: (id) => this.#flights.starts(id),
      unheard: (id) => this.#flights.returned(this.#flights.get(id)),
      opened: () => this.#flush.ask(),
      slots: () => this.#roster.size,
      refused: ({ task }, error) => this.#flights.refuse(task, error),
      vanished: (flight) => this.#flights.send(flight),
      kept: (flight, end) => this.#reception.kept(flight, end),
      reconnected: () => this.#attendance.reconnected(),
    });
    this.#attendance.start();
    this.#flush.ask();
  }

  #need(): Session {
    if (!this.#session) throw new DaemonLost('the profile is not connected');
    return this.#session;
  }

  /** Sends what may be sent. */
  #pump(): void {
    if (!this.#session || this.#life.isReset) return;
    const parts = { backlog: this.#backlog, flights: this.#flights, epochs: this.#epochs };
    if (this.#session.isConnected) sendWaiting(parts, this.#session.route);
    this.#launched.demand();
    this.#life.settleAlive();
    const isAlone = this.#roster.size === 0 && this.#launched.size === 0;
    this.#unattended.look(isAlone && this.#backlog.live > 0);
  }

  #over(ticket: Ticket<PendingTask>): void {
    if (ticket.place === 'over') return;
    this.#backlog.settle(ticket);
    this.#epochs.over(ticket);
    this.#life.settleAlive();
    this.#flush.ask();
  }

  #rejectAll(error: Error): void {
    if (!this.#flights.isEmpty && !this.#nats.durable) void this.#session?.abandon();
    this.#flights.clear(this.#nats.durable === true);
    for (const { job } of this.#backlog.clear()) this.#outcomes.reject(job, error);
    this.#epochs.fail(error);
    this.#collections.rejectAll(error);
  }

  async #close(): Promise<void> {
    this.#attendance.stop();
    this.#unattended.stop();
    if (!this.#nats.durable) await this.#session?.abandon();
    await this.#launched.close();
    await this.#session?.close();
    this.#metrics.stop();
  }
}
