import { context } from '@opentelemetry/api';
import type { Decisions } from '../dispatcher/decisions.js';
import { Dispatcher } from '../dispatcher/dispatcher.js';
import type { Barrier } from '../dispatcher/job.js';
import type { Departure } from '../engine/engine.js';
import { DaemonLost, MiraiInterrupt } from '../errors.js';
import type { Status } from '../options.js';
import { ProfileMetrics } from '../telemetry/profile-metrics.js';
import { ProfileTelemetry } from '../telemetry/profile-telemetry.js';
import { Relay } from '../telemetry/relay.js';
import { AtTheEnd } from './at-the-end.js';
import type { Connection } from './connection.js';
import { KeepAlive } from './keep-alive.js';
import { Outcomes } from './outcomes.js';
import type { PendingTask } from './pending-task.js';
import { Pool } from './pool.js';
import type { ProfileOptions } from './profile-options.js';
import { profileStatus } from './profile-status.js';
import { RandomStreams } from './random-streams.js';
import { Reception } from './reception.js';
import { Retirement } from './retirement.js';

/** A compute profile: its daemons, the tasks that wait for them, and what is told of both. */
export class Profile {
  readonly options: ProfileOptions;
  readonly telemetry: ProfileTelemetry;
  /** One stream for each task, where there is a seed. */
  readonly random: RandomStreams | undefined;
  readonly #metrics: ProfileMetrics;
  readonly #relay: Relay;
  readonly #dispatcher: Dispatcher<PendingTask>;
  readonly #pool: Pool;
  readonly #retirement: Retirement;
  readonly #reception: Reception;
  readonly #outcomes: Outcomes;
  readonly #keepAlive = new KeepAlive();
  readonly #onPassed = new Map<Barrier<PendingTask>, (error?: Error) => void>();
  #failure: Error | undefined;
  #departure: Departure | undefined;
  readonly #flush = new AtTheEnd(() => {
    for (const connection of this.#pool.connections.values()) connection.flush();
  });
  #reset: Promise<void> | undefined;
  /** How many calls wait for daemons to come up. */
  #starting = 0;

  constructor(options: ProfileOptions) {
    const { compute, endpoint, dispatcher, spanProcessor, memory, maxTasks, onDemand, seed } = options;
    this.options = options;
    this.random = seed === undefined ? undefined : new RandomStreams(seed);
    this.telemetry = new ProfileTelemetry(endpoint, compute, dispatcher);
    this.#relay = new Relay(spanProcessor);
    this.#dispatcher = new Dispatcher(this.#decisions(), { memory, maxTasks, direct: !dispatcher });
    this.#retirement = new Retirement(options, (id) => this.#dispatcher.retire(id, performance.now()));
    const respawn = onDemand ? 'on demand' : options.respawn ? 'always' : 'never';
    this.#pool = new Pool(
      { ...options, respawn, limits: options.resourceLimits },
      {
        joined: (connection) => this.#joined(connection),
        received: (connection, messages) => {
          this.#reception.received(connection, messages);
          if (connection.hasMessages) this.#flush.ask();
          this.#settleAlive();
        },
        gone: (connection, departure) => this.#gone(connection, departure),
        isWaiting: () => this.#dispatcher.hasWaiting,
        failed: (error) => this.#fail(error),
      },
    );
    const [dispatching, retirement, relay] = [this.#dispatcher, this.#retirement, this.#relay];
    this.#metrics = new ProfileMetrics(compute, () => ({
      ...dispatching.counts,
      connections: dispatching.hands().size,
    }));
    this.#outcomes = new Outcomes(this.#metrics);
    this.#reception = new Reception({ dispatcher: dispatching, outcomes: this.#outcomes, relay, retirement });
    if (onDemand) {
      this.#pool.allow(onDemand);
      this.#relay.start();
    }
  }

  /** How many daemons it is to have. */
  get size(): number {
    return this.#pool.size;
  }

  /** @throws what kept a daemon from coming up, after all of them are gone */
  async start(count: number): Promise<void> {
    const parent = context.active();
    try {
      await this.launch(count);
    } catch (error) {
      const wasReset = this.#reset !== undefined;
      this.#fail(error as Error); // cast: the pool throws nothing else
      this.#reset ??= this.#close();
      await this.#reset;
      if (!wasReset) throw error;
      throw new MiraiInterrupt('daemons: they were reset before they were there', { cause: error });
    }
    this.#relay.start(this.telemetry.daemonsSet(parent));
  }

  /** @throws what kept a daemon from coming up */
  async launch(count: number): Promise<void> {
    this.#failure = undefined;
    this.#starting++;
    this.#settleAlive();
    try {
      await this.#pool.add(count);
    } finally {
      this.#starting--;
      this.#settleAlive();
    }
  }

  /** Puts a task into the queue. */
  submit(task: PendingTask): void {
    if (this.#refuses(task)) return;
    task.ticket = this.#dispatcher.submit(task, performance.now());
    this.#demand();
  }

  /** Whether a task of this size would not have to wait for memory. */
  admits(bytes: number): boolean {
    return this.#dispatcher.admits(bytes);
  }

  /**
   * Has each daemon run a task before anything that is submitted later.
   *
   * @param make gives the task of a daemon; of those that join later too
   * @param onPassed is called when all have run it, or with what keeps them from it
   */
  everywhere(make: () => PendingTask, min: number, onPassed: (error?: Error) => void): void {
    const barrier = this.#dispatcher.everywhere(make, min, performance.now());
    for (const ticket of barrier.open.values()) ticket.job.ticket = ticket;
    if (barrier.passed) onPassed();
    else this.#onPassed.set(barrier, onPassed);
    this.#settleAlive();
  }

  /** Rejects a task, which its daemon need not end any more. @returns whether it had not settled before */
  cancel(task: PendingTask, error: Error): boolean {
    if (task.isSettled) return false;
    this.#outcomes.reject(task, error);
    if (task.ticket) this.#dispatcher.cancel(task.ticket, performance.now());
    this.#settleAlive();
    return true;
  }

  /** Rejects what has not settled, and ends the daemons. */
  reset(): Promise<void> {
    this.#reset ??= this.#resetNow();
    return this.#reset;
  }

  status(): Status {
    return profileStatus(this.options, this.#dispatcher, this.#pool, this.#outcomes.failed);
  }

  #decisions(): Decisions<PendingTask> {
    const to = (daemon: number) => {
      this.#flush.ask();
      return this.#pool.connections.get(daemon);
    };
    return {
      send: (daemon, ticket) => {
        ticket.job.ticket = ticket;
        this.#retirement.busy(daemon);
        to(daemon)?.send(ticket);
      },
      recall: (daemon, tickets) => {
        const back = to(daemon)?.recall(tickets);
        if (back?.size) this.#dispatcher.recalled(daemon, [...back], back, performance.now());
      },
      abort: (daemon, ticket) => to(daemon)?.abort(ticket),
      leave: (daemon) => {
        this.#retirement.over(daemon);
        to(daemon)?.leave();
      },
      lose: ({ job }) => {
        const { how = 'is gone', cause } = this.#departure ?? {};
        const message = `the daemon of task ${job.submission.id} ${how}`;
        this.#outcomes.reject(job, new DaemonLost(message, cause === undefined ? {} : { cause }));
      },
      passed: (barrier) => {
        this.#onPassed.get(barrier)?.();
        this.#onPassed.delete(barrier);
      },
    };
  }

  #joined(connection: Connection): void {
    if (this.#reset) return;
    this.#failure = undefined;
    this.#retirement.joined(connection);
    this.#dispatcher.join(connection.id, performance.now());
    this.#reception.rested(connection);
  }

  #gone(connection: Connection, departure: Departure | undefined): void {
    this.#departure = departure;
    const lost = this.#reception.lost(connection, departure);
    const spans = [...lost].flatMap(({ submission }) => submission.span ?? []);
    if (departure) this.telemetry.daemonLost(connection.connect, spans);
    this.#settleAlive();
  }

  /** Rejects all tasks, those that are still to come too. */
  #fail(error: Error): void {
    this.#failure = error;
    for (const { job } of this.#dispatcher.clear()) this.#outcomes.reject(job, error);
    for (const over of this.#onPassed.values()) over(error);
    this.#onPassed.clear();
    this.#settleAlive();
  }

  #refuses(task: PendingTask): boolean {
    if (!this.#failure) return false;
    task.reject(this.#failure);
    return true;
  }

  async #resetNow(): Promise<void> {
    const parent = context.active();
    const compute = JSON.stringify(this.options.compute);
    this.#fail(new MiraiInterrupt(`the daemons of the profile ${compute} were reset`));
    await this.#close();
    this.telemetry.daemonsReset(parent);
  }

  async #close(): Promise<void> {
    this.#keepAlive.set(true);
    this.#retirement.stop();
    await this.#pool.close();
    this.#metrics.stop();
    this.#keepAlive.stop();
  }

  /** Starts a daemon where tasks wait and there could be more. */
  #demand(): void {
    if (this.#dispatcher.hasWaiting && this.#pool.vacancies > 0) this.#pool.replace();
    this.#settleAlive();
  }

  #settleAlive(): void {
    if (!this.#reset) this.#keepAlive.set(this.#starting > 0 || this.#dispatcher.live > 0);
  }
}
