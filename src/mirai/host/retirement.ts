import type { Connection } from './connection.js';

interface Timers {
  readonly connection: Connection;
  idle?: NodeJS.Timeout;
  wall?: NodeJS.Timeout;
}

/** Tells when daemons have been idle, or there, for long enough. */
export class Retirement {
  readonly #idleTime: number | undefined;
  readonly #wallTime: number | undefined;
  readonly #retire: (daemon: number) => void;
  readonly #timers = new Map<number, Timers>();

  constructor(
    { idleTime, wallTime }: { idleTime?: number | undefined; wallTime?: number | undefined },
    retire: (daemon: number) => void,
  ) {
    this.#idleTime = idleTime;
    this.#wallTime = wallTime;
    this.#retire = retire;
  }

  joined(connection: Connection): void {
    const timers: Timers = { connection };
    this.#timers.set(connection.id, timers);
    if (this.#wallTime === undefined) return;
    timers.wall = setTimeout(() => this.#retire(connection.id), this.#wallTime).unref();
  }

  idle(daemon: number): void {
    const timers = this.#timers.get(daemon);
    if (this.#idleTime === undefined || !timers) return;
    clearTimeout(timers.idle);
    timers.idle = setTimeout(() => {
      timers.connection.wasIdle = true;
      this.#retire(daemon);
    }, this.#idleTime).unref();
  }

  busy(daemon: number): void {
    if (this.#idleTime !== undefined) clearTimeout(this.#timers.get(daemon)?.idle);
  }

  /** The daemon leaves, or has left. */
  over(daemon: number): void {
    this.#clear(daemon);
  }

  stop(): void {
    for (const daemon of this.#timers.keys()) this.#clear(daemon);
  }

  #clear(daemon: number): void {
    const timers = this.#timers.get(daemon);
    clearTimeout(timers?.idle);
    clearTimeout(timers?.wall);
    this.#timers.delete(daemon);
  }
}
