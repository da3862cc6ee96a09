import { Dispatcher } from '../dispatcher/dispatcher.js';
import type { Barrier } from '../dispatcher/job.js';
import type { Departure, Engine } from '../engine/engine.js';
import type { Status } from '../options.js';
import { ProfileMetrics } from '../telemetry/profile-metrics.js';
import { ProfileTelemetry } from '../telemetry/profile-telemetry.js';
import { Relay } from '../telemetry/relay.js';
import { AtTheEnd } from './at-the-end.js';
import type { Connection } from './connection.js';
import { decisionsOf } from './decisions.js';
import type { Elsewhere } from './elsewhere.js';
import { Life } from './life.js';
import { Outcomes } from './outcomes.js';
import type { PendingTask } from './pending-task.js';
import { Pool } from './pool.js';
import type { Profile } from './profile.js';
import type { ProfileOptions } from './profile-options.js';
import { profileStatus } from './profile-status.js';
import { RandomStreams } from './random-streams.js';
import { Reception } from './reception.js';
import { Retirement } from './retirement.js';
import { Vigil } from './vigil.js';

export type LocalProfileOptions = ProfileOptions & { readonly engine: Engine };

/** A profile whose daemons are all of this process: it starts them, and decides which one runs what. */
export class LocalProfile implements Profile {
  readonly options: ProfileOptions;
  readonly keeps = 'nothing';
  readonly telemetry: ProfileTelemetry;
  readonly random: RandomStreams | undefined;
  readonly #metrics: ProfileMetrics;
  readonly #tellOfLoss: NonNullable<Elsewhere['lost']>;
  readonly #dispatcher: Dispatcher<PendingTask>;
  readonly #pool: Pool;
  readonly #retirement: Retirement;
  readonly #reception: Reception;
  readonly #outcomes: Outcomes;
  readonly #life: Life;
  readonly #onPassed = new Map<Barrier<PendingTask>, (error?: Error) => void>();
  #departure: Departure | undefined;
  readonly #vigil: Vigil | undefined;
  readonly #flush = new AtTheEnd(() => {
    for (const connection of this.#pool.connections.values()) {
      if (!connection.hasMessages) continue;
      connection.flush();
      this.#vigil?.begin(connection);
    }
  });

  constructor(options: LocalProfileOptions, elsewhere: Elsewhere = {}) {
    const { compute, endpoint, dispatcher, spanProcessor, memory, maxTasks, onDemand, seed } = options;
    this.options = options;
    this.random = seed === undefined ? undefined : new RandomStreams(seed);
    this.telemetry = new ProfileTelemetry(endpoint, compute, dispatcher);
    const relay = elsewhere.relay ?? new Relay(spanProcessor);
    this.#tellOfLoss = elsewhere.lost ?? ((connection, tasks) => this.#recordLoss(connection, tasks));
    this.#vigil = elsewhere.isAtTheirService ? new Vigil(() => this.#dispatcher.live === 1) : undefined;
    const decisions = decisionsOf({
      dispatcher: () => this.#dispatcher,
      retirement: () => this.#retirement,
      outcomes: () => this.#outcomes,
      to: (daemon) => {
        this.#flush.ask();
        return this.#pool.connections.get(daemon);
      },
      departure: () => this.#departure,
      passed: (barrier) => {
        this.#onPassed.get(barrier)?.();
        this.#onPassed.delete(barrier);
      },
    });
    this.#dispatcher = new Dispatcher(decisions, { memory, maxTasks, direct: !dispatcher });
    this.#retirement = new Retirement(options, (id) => this.#dispatcher.retire(id, performance.now()));
    const respawn = onDemand ? 'on demand' : options.respawn ? 'always' : 'never';
    this.#pool = new Pool(
      { ...options, respawn, limits: options.resourceLimits },
      {
        joined: (connection) => {
          this.#joined(connection);
          elsewhere.changed?.();
        },
        received: (connection, messages) => {
          this.#reception.received(connection, messages);
          this.#vigil?.end();
          if (connection.hasMessages) this.#flush.ask();
          this.#life.settleAlive();
          elsewhere.changed?.();
        },
        gone: (connection, departure) => {
          this.#gone(connection, departure);
          elsewhere.changed?.();
        },
        isWaiting: () => this.#dispatcher.hasWaiting,
        failed: (error) => {
          // First who serves others: what no daemon has begun may still be run by them.
          elsewhere.failed?.(error);
          this.#life.fail(error);
        },
      },
    );
    const [dispatching, retirement] = [this.#dispatcher, this.#retirement];
    this.#metrics = new ProfileMetrics(compute, () => ({
      ...dispatching.counts,
      connections: dispatching.hands().size,
    }));
    this.#outcomes = new Outcomes(this.#metrics);
    this.#reception = new Reception({ dispatcher: dispatching, outcomes: this.#outcomes, relay, retirement });
    this.#life = new Life({
      compute,
      telemetry: elsewhere.relay ? undefined : this.telemetry,
      relay,
      live: () => dispatching.live,
      open: () => Promise.resolve(),
      add: (count) => this.#pool.add(count),
      rejectAll: (error) => this.#rejectAll(error),
      close: () => this.#close(),
    });
    if (onDemand) {
      this.#pool.allow(onDemand);
      relay.start();
    }
  }

  get size(): number {
    return this.#pool.size;
  }

  /** Whether something that daemons are to run is not over. */
  get isBusy(): boolean {
    return this.#dispatcher.live > 0;
  }

  /** How many daemons have nothing to do, and how many tasks wait for one. */
  get load(): { idle: number; waiting: number } {
    let idle = 0;
    for (const hand of this.#dispatcher.hands().values())
      if (hand.isOpen && hand.tickets.length === 0) idle++;
    return { idle, waiting: this.#dispatcher.counts.awaiting };
  }

  /** Takes back what was sent to daemons behind a task that turned out to be long. */
  recallStale(): void {
    this.#dispatcher.recallStale(performance.now());
  }

  get connections(): ReadonlyMap<number, Connection> {
    return this.#pool.connections;
  }

  start(count: number): Promise<void> {
    return this.#life.start(count);
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
    task.ticket = this.#dispatcher.submit(task, performance.now());
    this.#demand();
  }

  admits(bytes: number): boolean {
    return this.#dispatcher.admits(bytes);
  }

  everywhere(make: () => PendingTask, min: number, onPassed: (error?: Error) => void): void {
    const barrier = this.#dispatcher.everywhere(make, min, performance.now());
    for (const ticket of barrier.open.values()) ticket.job.ticket = ticket;
    if (barrier.passed) onPassed();
    else this.#onPassed.set(barrier, onPassed);
    this.#life.settleAlive();
  }

  cancel(task: PendingTask, error: Error): boolean {
    if (task.isSettled) return false;
    this.#outcomes.reject(task, error);
    if (task.ticket) this.#dispatcher.cancel(task.ticket, performance.now());
    this.#life.settleAlive();
    return true;
  }

  reset(): Promise<void> {
    return this.#life.reset();
  }

  status(): Status {
    return profileStatus(this.options, this.#dispatcher, this.#pool, this.#outcomes.failed);
  }

  #joined(connection: Connection): void {
    if (this.#life.isReset) return;
    this.#life.recover();
    this.#retirement.joined(connection);
    this.#dispatcher.join(connection.id, performance.now());
    this.#reception.rested(connection);
  }

  #gone(connection: Connection, departure: Departure | undefined): void {
    this.#departure = departure;
    const lost = this.#reception.lost(connection, departure);
    if (departure) this.#tellOfLoss(connection, lost);
    this.#life.settleAlive();
  }

  #recordLoss({ connect }: Connection, tasks: ReadonlySet<PendingTask>): void {
    this.telemetry.daemonLost(
      connect,
      [...tasks].flatMap(({ submission }) => submission.span ?? []),
    );
  }

  #rejectAll(error: Error): void {
    for (const { job } of this.#dispatcher.clear()) this.#outcomes.reject(job, error);
    for (const over of this.#onPassed.values()) over(error);
    this.#onPassed.clear();
  }

  async #close(): Promise<void> {
    this.#retirement.stop();
    await this.#pool.close();
    this.#metrics.stop();
  }

  /** Starts a daemon where tasks wait and there could be more. */
  #demand(): void {
    if (this.#dispatcher.hasWaiting && this.#pool.vacancies > 0) this.#pool.replace();
    this.#life.settleAlive();
  }
}
