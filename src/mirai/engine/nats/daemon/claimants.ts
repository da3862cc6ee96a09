import { type NatsConnection, nuid, RequestError } from '@nats-io/transport-node';
import * as v from 'valibot';
import type { Names } from '../names.js';
import { id } from '../wire/parts.js';

/** How long a daemon may take to say whether it has claimed a key, in ms. */
const patience = 2000;

/** How long others may need to be back after this daemon was connected to the server, in ms. */
const returnTime = 5000;

/** The claims of this daemon that are not over, and what others say of theirs. */
export class Claimants {
  readonly #connection: NatsConnection;
  readonly #names: Names;
  readonly #daemon: string;
  readonly #own = new Set<string>();
  #connected = performance.now();

  constructor(connection: NatsConnection, names: Names, daemon: string) {
    this.#connection = connection;
    this.#names = names;
    this.#daemon = daemon;
    void this.#watch();
    connection.subscribe(names.claimsOf(daemon), {
      callback: (_, message) => void message.respond(this.#own.has(message.string()) ? 'held' : 'over'),
    });
  }

  /** @returns the name of a new claim */
  open(): string {
    const claim = `${this.#daemon}.${nuid.next()}`;
    this.#own.add(claim);
    return claim;
  }

  /** The task has ended, and that is written down; or it has not begun, and others may claim it. */
  close(claim: string): void {
    this.#own.delete(claim);
  }

  /** Whether the daemon that has claimed a task says that it still has it, or may not be back yet after the server was away. */
  async isHeld(claim: string): Promise<boolean> {
    const [daemon] = claim.split('.');
    if (!v.is(id, daemon)) return false;
    try {
      const answer = await this.#connection.request(this.#names.claimsOf(daemon), claim, {
        timeout: patience,
      });
      return answer.string() === 'held';
    } catch (error) {
      const isNobodyThere = error instanceof RequestError && error.isNoResponders();
      return isNobodyThere && performance.now() - this.#connected < returnTime;
    }
  }

  async #watch(): Promise<void> {
    for await (const { type } of this.#connection.status())
      if (type === 'reconnect') this.#connected = performance.now();
  }
}
