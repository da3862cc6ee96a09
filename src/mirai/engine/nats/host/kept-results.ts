import { diag } from '@opentelemetry/api';
import { DaemonLost } from '../../../errors.js';
import { unpack } from '../../../protocol/codec.js';
import { reviveError } from '../../../protocol/remote-error.js';
import type { KeyRecord, KeyStore } from '../key-store.js';
import type { LargeValues } from '../large-values.js';
import { readError } from '../wire/remote-error.js';
import { fromWire } from '../wire/value.js';
import type { Flight } from './flight.js';

/** The end of a task as it is kept. */
export type KeptEnd =
  | { readonly kind: 'result' | 'failure'; readonly form: 'json' | 'bytes'; readonly body: Uint8Array }
  | { readonly kind: 'lost'; readonly message: string };

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
  readonly #settle: (flight: Flight, end: KeptEnd) => void;

  constructor(keys: KeyStore, large: LargeValues, settle: (flight: Flight, end: KeptEnd) => void) {
    this.#keys = keys;
    this.#large = large;
    this.#settle = settle;
  }

  /** Settles a task whose result is known. @returns whether it is */
  async settle(flight: Flight): Promise<boolean> {
    const known = flight.key === undefined ? undefined : await this.#keys.get(flight.key);
    const end = known && (await this.#endOf(known));
    if (end && !flight.isOver) this.#settle(flight, end);
    return end !== undefined;
  }

  /** Settles a task when the one that was submitted before it under its key has ended. */
  follow(flight: Flight): void {
    if (flight.key === undefined) return;
    this.wait(flight.key, (end) => {
      if (!flight.isOver) this.#settle(flight, end);
    });
  }

  /** Calls back with the end of the task of a key, once it is there. @returns stops that */
  wait(key: string, take: (end: KeptEnd) => void): () => void {
    let isOver = false;
    const listen = async (known: KeyRecord) => {
      const end = await this.#endOf(known);
      if (!end || isOver) return;
      stop();
      take(end);
    };
    const watching = this.#keys.watch(key, (known) => {
      listen(known).catch((error: unknown) =>
        diag.warn('mirai: a result that is kept cannot be read', error),
      );
    });
    watching.catch((error: unknown) => diag.warn('mirai: results that are kept cannot be read', error));
    const stop = () => {
      isOver = true;
      watching.then(
        (end) => end(),
        () => undefined,
      );
    };
    return stop;
  }

  async #endOf({ head, body }: KeyRecord): Promise<KeptEnd | undefined> {
    if (head.state === 'claimed') return undefined;
    if (head.state === 'lost') return { kind: 'lost', message: head.message };
    const { kind, form, large } = head;
    return { kind, form, body: large ? await this.#large.get(large) : body };
  }
}
