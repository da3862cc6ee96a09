import type { Departure, Engine, Link } from '../engine/engine.js';
import { DaemonLost } from '../errors.js';
import type { ResourceLimits } from '../options.js';
import type { DaemonMessage, DaemonStart } from '../protocol/messages.js';
import { reviveError } from '../protocol/remote-error.js';
import { Connection } from './connection.js';
import { forwardLines } from './output-lines.js';

/** After so many daemons in a row that came to nothing, no more are started. */
const mostFailures = 5;

/** How long a daemon has to be there without a task, in ms, so that it did come to something. */
const fullyUp = 1000;

/** How long the first of them is waited for, in ms; every further one twice as long. */
const firstDelay = 50;

export interface PoolOptions {
  readonly engine: Engine;
  readonly start: Omit<DaemonStart, 'id'>;
  readonly limits: ResourceLimits | undefined;
  /** Whether what daemons write is shown, and with a mark of whose it is. */
  readonly output: boolean | 'unmarked' | 'stderr';
  /** Whether daemons that are gone are replaced, in any case or when tasks wait. */
  readonly respawn: 'always' | 'on demand' | 'never';
  readonly grace: number;
}

/** What a pool tells its profile. */
export interface PoolEvents {
  joined(connection: Connection): void;
  received(connection: Connection, messages: readonly DaemonMessage[]): void;
  /** @param departure `undefined` where it left as it was told */
  gone(connection: Connection, departure: Departure | undefined): void;
  /** Whether there are tasks for one more daemon. */
  isWaiting(): boolean;
  /** There is no daemon any more, and none comes up. */
  failed(error: DaemonLost): void;
}

/** The daemons of a profile: starts them, replaces those that are lost, and ends them. */
export class Pool {
  readonly #options: PoolOptions;
  readonly #events: PoolEvents;
  readonly #connections = new Map<number, Connection>();
  /** Who waits for a daemon to come up. */
  readonly #waiting = new Map<Connection, { resolve: () => void; reject: (error: unknown) => void }>();
  /** How many there are to be. */
  #size = 0;
  #next = 1;
  #lastFailure: unknown;
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;
  #closing: (() => void) | undefined;
  /** Those that were ended before they were there: what they may have said meanwhile does not count. */
  readonly #unwanted = new WeakSet<Connection>();
  #isClosed = false;

  constructor(options: PoolOptions, events: PoolEvents) {
    this.#options = options;
    this.#events = events;
  }

  /** Those that are there, or on their way. */
  get connections(): ReadonlyMap<number, Connection> {
    return this.#connections;
  }

  get size(): number {
    return this.#size;
  }

  /** How many more there could be. */
  get vacancies(): number {
    if (this.#isClosed || this.#retry || this.#options.respawn === 'never') return 0;
    return this.#size - this.#connections.size;
  }

  /** @throws what kept one of them from coming up */
  async add(count: number): Promise<void> {
    this.#size += count;
    this.#failures = 0;
    await Promise.all(Array.from({ length: count }, () => this.launch()));
  }

  /** How many daemons there may be that are started when they are needed. */
  allow(count: number): void {
    this.#size = count;
  }

  /** Starts one daemon. Resolves when it is there. */
  launch(): Promise<void> {
    const { engine, start, limits, output, grace } = this.#options;
    const id = this.#next++;
    let link: Link | undefined;
    const connection = new Connection(id, () => link as Link, grace); // cast: it is there when anything is sent
    this.#connections.set(id, connection);
    let hasLeft = false;
    link = engine.launch({ ...start, id }, limits, {
      received: (messages) => {
        if (this.#unwanted.has(connection)) return;
        for (const message of messages) {
          if (message.kind === 'ready') this.#ready(connection, message);
          else if (message.kind === 'unready') this.#unready(connection, reviveError(message.error));
          else if (message.kind === 'leaving') connection.isLeaving();
          else if (message.kind === 'left') hasLeft = true;
        }
        this.#events.received(connection, messages);
      },
      gone: (departure) => this.#gone(connection, hasLeft ? undefined : departure),
    });
    if (link.output) {
      const { stdout, stderr } = link.output;
      const name = output === 'unmarked' ? undefined : `${start.endpoint.url}#${id}`;
      if (output) forwardLines(stdout, output === 'stderr' ? process.stderr : process.stdout, name);
      else stdout.resume();
      if (output) forwardLines(stderr, process.stderr, name);
      else stderr.resume();
    }
    return new Promise((resolve, reject) => this.#waiting.set(connection, { resolve, reject }));
  }

  /** Starts one daemon in the place of another. */
  replace(): void {
    // What keeps it from coming up is told by `failed()`.
    this.launch().catch(() => undefined);
  }

  /** Has all daemons leave, and ends those that do not. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    const closed = new Promise<void>((resolve) => {
      this.#closing = resolve;
    });
    for (const connection of this.#connections.values()) {
      if (connection.state === 'starting') {
        this.#unwanted.add(connection);
        connection.kill();
      } else {
        connection.leave();
        connection.flush();
      }
    }
    if (this.#connections.size > 0) await closed;
  }

  #ready(connection: Connection, { pid, threadId, connect }: DaemonMessage & { kind: 'ready' }): void {
    connection.connected(pid, threadId, connect);
    this.#lastFailure = undefined;
    this.#waiting.get(connection)?.resolve();
    this.#waiting.delete(connection);
    this.#events.joined(connection);
    if (this.#isClosed) connection.leave();
  }

  #unready(connection: Connection, error: Error): void {
    this.#waiting.get(connection)?.reject(error);
    this.#waiting.delete(connection);
    this.#lastFailure = error;
    connection.kill();
  }

  #gone(connection: Connection, departure: Departure | undefined): void {
    const { state, wasUsed, wasIdle, since } = connection;
    connection.gone();
    this.#connections.delete(connection.id);
    if (departure) {
      const cause = this.#lastFailure ?? departure.cause;
      const error = new DaemonLost(`a daemon ${departure.how} before it was there`, { cause });
      this.#waiting.get(connection)?.reject(error);
      this.#waiting.delete(connection);
    }
    // What ends a daemon that has work may be the work.
    const isTooEarly = !wasUsed && !(performance.now() - since > fullyUp);
    this.#failures = departure && isTooEarly ? this.#failures + 1 : 0;
    this.#events.gone(connection, state === 'starting' ? undefined : departure);
    if (!this.#isClosed) this.#restore(wasIdle, departure);
    else if (this.#connections.size === 0) this.#closing?.();
  }

  #restore(wasIdle: boolean, departure: Departure | undefined): void {
    const { respawn } = this.#options;
    const cause = this.#lastFailure ?? departure?.cause;
    if (this.#failures >= mostFailures) {
      this.#fail(`${this.#failures} daemons in a row came to nothing; the last one ${departure?.how}`, cause);
    } else if (respawn === 'never') {
      if (this.#connections.size === 0) this.#fail('no daemons are left, and `respawn` is off', cause);
    } else if ((respawn === 'always' && !wasIdle) || this.#events.isWaiting()) {
      if (this.#failures === 0) this.replace();
      else this.#retry ??= setTimeout(() => this.#retryNow(), firstDelay * 2 ** (this.#failures - 1)).unref();
    }
  }

  #retryNow(): void {
    this.#retry = undefined;
    while (this.vacancies > 0) this.replace();
  }

  #fail(message: string, cause: unknown): void {
    const error = new DaemonLost(message, cause === undefined ? {} : { cause });
    if (this.#connections.size === 0) this.#events.failed(error);
    else process.emitWarning(message, 'MiraiWarning');
  }
}
