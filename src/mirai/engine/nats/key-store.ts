import { jetstream } from '@nats-io/jetstream';
import { type KV, type KvEntry, Kvm } from '@nats-io/kv';
import { type NatsConnection, nanos } from '@nats-io/transport-node';
import * as v from 'valibot';
import { MiraiError } from '../../errors.js';
import type { Names } from './names.js';
import { managerOf } from './stream.js';
import { fromFrame, toFrame } from './wire/frame.js';
import { large, number } from './wire/parts.js';

/** For how long results are kept by default, in ms. */
const defaultKeepResults = 24 * 3600 * 1000;

const record = v.variant('state', [
  /** A daemon has begun to run the message of this number. */
  v.strictObject({ state: v.literal('claimed'), sequence: number }),
  v.strictObject({
    state: v.literal('done'),
    kind: v.picklist(['result', 'failure']),
    form: v.picklist(['json', 'bytes']),
    large: v.optional(large),
  }),
  v.strictObject({ state: v.literal('lost'), message: v.string() }),
]);

type RecordHead = v.InferOutput<typeof record>;

/** What is known of a task by its key. */
export interface KeyRecord {
  readonly head: RecordHead;
  readonly body: Uint8Array;
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
  readonly #update: (maxAge: number) => Promise<void>;
  /** How long results are to be kept, where that was given, in ns. */
  readonly #given: number | undefined;
  #bucket: Promise<KV> | undefined;

  constructor(
    connection: NatsConnection,
    names: Names,
    options: { keepResults?: number; replicas?: number } = {},
  ) {
    const { keepResults, replicas = 1 } = options;
    const bucket = { history: 1, ttl: keepResults ?? defaultKeepResults, replicas };
    this.#open = () => new Kvm(jetstream(connection)).create(names.results, bucket);
    this.#given = keepResults === undefined ? undefined : nanos(keepResults);
    this.#update = async (max_age) => {
      const manager = await managerOf(connection);
      const name = `KV_${names.results}`;
      const { config } = await manager.streams.info(name);
      if (config.max_age !== max_age) await manager.streams.update(name, { max_age });
    };
  }

  /** Makes the bucket, or has one that is there keep results for as long as was given. */
  async open(): Promise<void> {
    await this.#kv();
    if (this.#given !== undefined) await this.#update(this.#given);
  }

  async get(key: string): Promise<KeyRecord | undefined> {
    const entry = await (await this.#kv()).get(nameOf(key));
    return entry ? read(entry) : undefined;
  }

  /** @returns `false` if somebody has claimed it before */
  async claim(key: string, sequence: number): Promise<boolean> {
    const kv = await this.#kv();
    try {
      await kv.create(nameOf(key), toFrame({ state: 'claimed', sequence } satisfies RecordHead));
      return true;
    } catch (error) {
      if (await kv.get(nameOf(key))) return false;
      throw error;
    }
  }

  async put(key: string, head: RecordHead, body: Uint8Array | string = ''): Promise<void> {
    await (await this.#kv()).put(nameOf(key), toFrame(head, body));
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
    return { head: v.parse(record, head), body };
  } catch (cause) {
    throw new MiraiError('what is kept under the key of the task cannot be read', { cause });
  }
}
