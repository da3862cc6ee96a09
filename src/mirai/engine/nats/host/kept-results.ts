import { DaemonLost } from '../../../errors.js';
import { unpack } from '../../../protocol/codec.js';
import { reviveError } from '../../../protocol/remote-error.js';
import { isOpen, type KeyRecord, type KeyStore } from '../key-store.js';
import type { LargeValues } from '../large-values.js';
import { untilAnswered } from '../until-answered.js';
import { readError } from '../wire/remote-error.js';
import { fromWire } from '../wire/value.js';
import type { Flight } from './flight.js';
import { type Collector, KeyFollower } from './key-follower.js';

/** The end of a task as it is kept. */
export type KeptEnd =
  | { readonly kind: 'result' | 'failure'; readonly form: 'json' | 'bytes'; readonly body: Uint8Array }
  | { readonly kind: 'lost'; readonly message: string };

/** What is told of flights whose tasks have run before, or elsewhere. */
interface Reached {
  kept(flight: Flight, end: KeptEnd): void;
  refused(flight: Flight, error: Error): void;
}

/** The result. @throws the error of the task, or DaemonLost */
export function readKept(end: KeptEnd): unknown {
  if (end.kind === 'lost') throw new DaemonLost(end.message);
  if (end.kind === 'failure') throw reviveError(readError(end.body));
  return unpack(fromWire(end.form, end.body));
}

/** The results that other runs of a task have left. */
export class KeptResults {
  readonly #keys: KeyStore;
  readonly #large: LargeValues;
  readonly #reached: Reached;
  readonly #followers = new Set<KeyFollower>();

  constructor(keys: KeyStore, large: LargeValues, reached: Reached) {
    this.#keys = keys;
    this.#large = large;
    this.#reached = reached;
  }

  /** Settles a task whose result is known. @returns whether it is */
  async settle(flight: Flight): Promise<boolean> {
    const { key } = flight;
    if (key === undefined) return false;
    const known = await untilAnswered(
      () => this.#keys.get(key),
      () => !flight.isOver,
    );
    const end = known && (await this.#endOf(known));
    if (end && !flight.isOver) this.#reached.kept(flight, end);
    return end !== undefined;
  }

  /** Settles a task when the one that was submitted before it under its key has ended. */
  follow(flight: Flight): void {
    if (flight.key === undefined || flight.unfollow) return;
    flight.unfollow = this.wait(flight.key, {
      take: (end) => this.#reached.kept(flight, end),
      fail: (error) => this.#reached.refused(flight, error),
    });
  }

  /** Has the end of the task of a key, once it is there. @returns stops that */
  wait(key: string, { take, fail }: Collector): () => void {
    const parts = { keys: this.#keys, endOf: (known: KeyRecord) => this.#endOf(known) };
    const follower = new KeyFollower(parts, key, {
      take: (end) => {
        this.#followers.delete(follower);
        take(end);
      },
      fail: (error) => {
        this.#followers.delete(follower);
        fail(error);
      },
    });
    this.#followers.add(follower);
    return () => {
      this.#followers.delete(follower);
      follower.stop();
    };
  }

  /** The connection is back. */
  reconnected(): void {
    for (const follower of this.#followers) follower.reconnected();
  }

  stop(): void {
    for (const follower of this.#followers) follower.stop();
    this.#followers.clear();
  }

  async #endOf({ head, body }: KeyRecord): Promise<KeptEnd | undefined> {
    if (isOpen(head)) return undefined;
    if (head.state === 'lost') return { kind: 'lost', message: head.message };
    const { kind, form, large } = head;
    return { kind, form, body: large ? await this.#large.get(large) : body };
  }
}
