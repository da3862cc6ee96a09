import { jetstream } from '@nats-io/jetstream';
import { type ObjectStore, Objm } from '@nats-io/obj';
import { type NatsConnection, nanos, TimeoutError } from '@nats-io/transport-node';
import { MiraiError } from '../../errors.js';
import type { Names } from './names.js';
import { adaptStream } from './stream.js';
import { untilAnswered } from './until-answered.js';

/** How long it may take to store or to fetch a value, in ms, and so many bytes of it in a ms; then it is tried again. */
const leastTime = 8000;
const slowest = 100;

/** What a message needs besides its body, in bytes. */
const overhead = 16 * 1024;

/** How long a value is kept at least that nobody has fetched and deleted, in ms. */
const leastKept = 24 * 3600 * 1000;

/** How values are kept, as the results of tasks are. */
interface Keeping {
  readonly keepResults?: number | undefined;
  readonly replicas?: number | undefined;
}

/** Where a value is, and how many bytes it is. */
export interface LargeValue {
  readonly name: string;
  readonly size: number;
}

/** Values that do not fit into a message of the server, in an object store. */
export class LargeValues {
  readonly #connection: NatsConnection;
  readonly #names: Names;
  readonly #largest: number;
  readonly #keeping: Keeping;
  #store: Promise<ObjectStore> | undefined;
  #wasThere = false;

  /** @param largest bytes of a value, at most */
  constructor(connection: NatsConnection, names: Names, largest: number, keeping: Keeping = {}) {
    this.#connection = connection;
    this.#names = names;
    this.#largest = largest;
    this.#keeping = keeping;
  }

  /** Has the bucket keep values for longer, or on more servers, than it does by default, where that was given. */
  async open(): Promise<void> {
    const { keepResults = 0, replicas = 1 } = this.#keeping;
    if (keepResults <= leastKept && replicas === 1) return;
    await this.#open();
    await adaptStream(this.#connection, `OBJ_${this.#names.large}`, {
      ...(keepResults > leastKept && { max_age: this.#keptFor }),
      ...(replicas > 1 && { num_replicas: replicas }),
    });
  }

  /** Whether a body of so many bytes is to go by the store, with a head of so many. */
  isLarge(body: number, head = 0): boolean {
    return body + head + overhead > (this.#connection.info?.max_payload ?? Number.POSITIVE_INFINITY);
  }

  /** @throws MiraiError if the value is larger than what is allowed */
  check(what: string, size: number): void {
    if (size <= this.#largest) return;
    throw new MiraiError(
      `${what}: ${size} bytes are too large; ${this.#largest} are allowed (options.largest of nats(), --largest of a daemon)`,
    );
  }

  /** @throws MiraiError if it cannot be stored */
  async put(name: string, body: Uint8Array | string): Promise<LargeValue> {
    const bytes = Buffer.from(body);
    try {
      await this.#ask(bytes.length, (store) => store.putBlob({ name }, bytes));
    } catch (cause) {
      const limit = this.#connection.info?.max_payload;
      const message = `a value of ${bytes.length} bytes is over max_payload of the server (${limit}), and cannot be put into its object store: ${String(cause)}`;
      throw new MiraiError(message, { cause });
    }
    return { name, size: bytes.length };
  }

  /** @throws MiraiError if it is not there */
  async get({ name, size }: LargeValue): Promise<Uint8Array> {
    this.check('the arguments or the result', size);
    return this.#ask(size, async (store) => {
      // Looked at first: what was announced as small need not be, nor in this bucket.
      const info = await store.info(name);
      const isLink = info?.options?.link !== undefined;
      const found = info?.size === size && !isLink ? await store.get(name) : null;
      if (!found) {
        const why = !info ? 'it is not there' : isLink ? 'it is elsewhere' : `it is ${info.size} bytes`;
        throw new MiraiError(`a value of ${size} bytes cannot be fetched: ${why}`);
      }
      const [body, error] = await Promise.all([read(found.data, size), found.error]);
      if (error) throw error;
      return body;
    });
  }

  /** Harmless where it is not there. */
  delete({ name }: LargeValue): void {
    const gone = this.#open().then((store) => store.delete(name));
    gone.catch(() => undefined);
  }

  /** While the server is away nothing is lost: it is asked again. */
  #ask<T>(size: number, ask: (store: ObjectStore) => Promise<T>): Promise<T> {
    const askOnce = async () => {
      const store = await this.#open();
      this.#wasThere = true;
      return ask(store);
    };
    return untilAnswered(
      // What is on its way when the connection is lost may never come to an end.
      () => before(leastTime + size / slowest, askOnce()),
      // A server without JetStream will not come to have it; of one that is away nothing is known.
      () => this.#wasThere || this.#connection.info === undefined || this.#connection.info.jetstream === true,
    );
  }

  /** In ns: arguments are there as long as their task may wait, and results as long as they may be asked for. */
  get #keptFor(): number {
    return nanos(Math.max(leastKept, this.#keeping.keepResults ?? 0));
  }

  #open(): Promise<ObjectStore> {
    const { replicas = 1 } = this.#keeping;
    const bucket = { ttl: this.#keptFor, replicas };
    this.#store ??= new Objm(jetstream(this.#connection)).create(this.#names.large, bucket);
    // Another attempt may fare better.
    this.#store.catch(() => {
      this.#store = undefined;
    });
    return this.#store;
  }
}

/** @throws TimeoutError if that takes longer */
async function before<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeoutError()), ms).unref();
  });
  answer.catch(() => undefined); // told below, unless it is late
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** @throws MiraiError if it is more than was said, which is found out while it comes */
async function read(data: ReadableStream<Uint8Array>, size: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Left by an error, the loop cancels the stream.
  for await (const chunk of data) {
    length += chunk.length;
    if (length > size) throw new MiraiError(`a value of ${size} bytes cannot be fetched: it is longer`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
