import { JetStreamApiCodes, JetStreamApiError, jetstream } from '@nats-io/jetstream';
import { type KV, type KvEntry, Kvm } from '@nats-io/kv';
import { type NatsConnection, nanos } from '@nats-io/transport-node';
import * as v from 'valibot';
import { MiraiError } from '../../errors.js';
import type { Names } from './names.js';
import { adaptStream } from './stream.js';
import { fromFrame, toFrame } from './wire/frame.js';
import { large, number } from './wire/parts.js';

/** For how long results are kept by default, in ms. */
const defaultKeepResults = 24 * 3600 * 1000;

const record = v.variant('state', [
  /** Whoever has taken this name is about to run the message of this number, and may have begun. */
  v.strictObject({ state: v.literal('claimed'), sequence: number, by: v.string() }),
  /** Daemons have begun it once more, so many times. */
  v.strictObject({ state: v.literal('begun'), again: number }),
  v.strictObject({
    state: v.literal('done'),
    kind: v.picklist(['result', 'failure']),
    form: v.picklist(['json', 'bytes']),
    large: v.optional(large),
  }),
  v.strictObject({ state: v.literal('lost'), message: v.string() }),
]);

export type RecordHead = v.InferOutput<typeof record>;

/** Whether the task has not ended. */
export function isOpen(head: RecordHead): head is Extract<RecordHead, { state: 'claimed' | 'begun' }> {
  return head.state === 'claimed' || head.state === 'begun';
}

/** What is known of a task by its key. */
export interface KeyRecord {
  readonly head: RecordHead;
  readonly body: Uint8Array;
  /** Of the record: another one has another. */
  readonly revision: number;
}

/** Who watches a key. */
export interface KeyListener {
  known(record: KeyRecord): void;
  failed(error: unknown): void;
}

export interface KeyWatch {
  /** Resolves when nothing more is told. */
  readonly ended: Promise<void>;
  stop(): void;
}

/** The results of tasks by their keys. */
export class KeyStore {
  readonly #open: () => Promise<KV>;
  readonly #adapt: (wanted: Parameters<typeof adaptStream>[2]) => Promise<void>;
  readonly #keepResults: number | undefined;
  readonly #replicas: number | undefined;
  #bucket: Promise<KV> | undefined;

  constructor(
    connection: NatsConnection,
    names: Names,
    options: { keepResults?: number; replicas?: number } = {},
  ) {
    const { keepResults, replicas = 1 } = options;
    const bucket = { history: 1, ttl: keepResults ?? defaultKeepResults, replicas };
    this.#open = () => new Kvm(jetstream(connection)).create(names.results, bucket);
    this.#adapt = (wanted) => adaptStream(connection, `KV_${names.results}`, wanted);
    this.#keepResults = keepResults;
    this.#replicas = options.replicas;
  }

  /** Makes the bucket, or has one that is there keep results for as long as was given. */
  async open(): Promise<void> {
    await this.#kv();
    if (this.#keepResults !== undefined) await this.#adapt({ max_age: nanos(this.#keepResults) });
  }

  /** Has the bucket, where it is there, keep them on as many servers as was given. */
  async spread(): Promise<void> {
    if (this.#bucket && this.#replicas !== undefined) await this.#adapt({ num_replicas: this.#replicas });
  }

  async get(key: string): Promise<KeyRecord | undefined> {
    const entry = await (await this.#kv()).get(nameOf(key));
    return entry ? read(entry) : undefined;
  }

  /** @returns the record that is there: the claim, unless there was another one */
  claim(key: string, sequence: number, by: string): Promise<KeyRecord> {
    return this.#create(key, { state: 'claimed', sequence, by });
  }

  /** Counts that a task is begun once more, unless it has ended. Too many where an answer of the server is lost. */
  async countBegin(key: string): Promise<void> {
    const first: RecordHead = { state: 'begun', again: 1 };
    for (;;) {
      const known = await this.#create(key, first);
      const { head } = known;
      if (head === first || head.state !== 'begun') return;
      if (await this.replace(key, known, { state: 'begun', again: head.again + 1 })) return;
    }
  }

  /** Takes back a claim, if it is there. @param known the record, unless that may not have been made */
  async release(key: string, by: string, known?: KeyRecord): Promise<void> {
    const claim = known ?? (await this.get(key));
    if (claim?.head.state !== 'claimed' || claim.head.by !== by) return;
    await (await this.#kv()).delete(nameOf(key), { previousSeq: claim.revision });
  }

  async put(key: string, head: RecordHead, body: Uint8Array | string = ''): Promise<void> {
    await (await this.#kv()).put(nameOf(key), toFrame(head, body));
  }

  /** @returns whether nobody has changed the record since */
  async replace(
    key: string,
    { revision }: KeyRecord,
    head: RecordHead,
    body: Uint8Array | string = '',
  ): Promise<boolean> {
    try {
      await (await this.#kv()).update(nameOf(key), toFrame(head, body), revision);
      return true;
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamWrongLastSequence)
        return false;
      throw error;
    }
  }

  /** Tells of each record of the key, of the one that is there first. */
  async watch(key: string, { known, failed }: KeyListener): Promise<KeyWatch> {
    const watcher = await (await this.#kv()).watch({ key: nameOf(key) });
    const listen = async () => {
      for await (const entry of watcher) {
        const record = entry.operation === 'PUT' ? read(entry) : undefined;
        if (record) known(record);
      }
    };
    return { ended: listen().catch(failed), stop: () => watcher.stop() };
  }

  /** @returns the record that is there: the new one, unless there was another one */
  async #create(key: string, head: RecordHead): Promise<KeyRecord> {
    const kv = await this.#kv();
    try {
      return { head, body: new Uint8Array(), revision: await kv.create(nameOf(key), toFrame(head)) };
    } catch (error) {
      const known = await this.get(key);
      if (known) return known;
      throw error;
    }
  }

  #kv(): Promise<KV> {
    this.#bucket ??= this.#open();
    this.#bucket.catch(() => {
      this.#bucket = undefined;
    });
    return this.#bucket;
  }
}

/** Keys may hold anything, names in a bucket only what base64url has. */
function nameOf(key: string): string {
  return Buffer.from(key).toString('base64url');
}

/** @throws MiraiError if it is no record of this version: anything may be in a bucket */
function read(entry: KvEntry): KeyRecord | undefined {
  if (entry.value.length === 0) return undefined;
  try {
    const { head, body } = fromFrame(entry.value);
    return { head: v.parse(record, head), body, revision: entry.revision };
  } catch (cause) {
    throw new MiraiError('what is kept under the key of the task cannot be read', { cause });
  }
}
