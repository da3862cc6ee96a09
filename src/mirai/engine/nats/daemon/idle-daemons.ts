import type { Msg, NatsConnection } from '@nats-io/transport-node';
import * as v from 'valibot';
import type { Names } from '../names.js';
import { publishTo } from '../publish.js';
import { presence } from '../wire/from-daemon.js';
import { statsSubject } from './service.js';

/** How often it is asked at most, in ms. */
const askTime = 25;

/** Finds out whether another daemon has nothing to do, which may have what waits here. */
export class IdleDaemons {
  readonly #connection: NatsConnection;
  readonly #subject: string;
  readonly #reply: string;
  readonly #daemon: string;
  readonly #found: () => void;
  #asked = Number.NEGATIVE_INFINITY;

  /** @param found is called when there is one */
  constructor(connection: NatsConnection, names: Names, daemon: string, found: () => void) {
    this.#connection = connection;
    this.#subject = statsSubject(names.service);
    this.#reply = `${names.toDaemon(daemon)}.idle`;
    this.#daemon = daemon;
    this.#found = found;
    connection.subscribe(this.#reply, { callback: (_, message) => this.#answered(message) });
  }

  ask(): void {
    const now = performance.now();
    if (now - this.#asked < askTime) return;
    this.#asked = now;
    publishTo(this.#connection, this.#subject, '', { reply: this.#reply });
  }

  #answered({ data }: Msg): void {
    try {
      const { daemon, state, slots } = v.parse(presence, JSON.parse(Buffer.from(data).toString()).data);
      const isFree = state === 'here' && slots.some((slot) => slot.state === 'idle');
      if (daemon !== this.#daemon && isFree) this.#found();
    } catch {
      // None of a daemon.
    }
  }
}
