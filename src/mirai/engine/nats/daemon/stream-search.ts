import { delay } from '@nats-io/transport-node';
import { diag } from '@opentelemetry/api';
import { group } from '../names.js';
import { ackWaitOf, findStream, type TaskStream } from '../stream.js';
import type { Setting } from './setting.js';

/** How often it is looked for JetStream where the server has had none, in ms. */
const searchTime = 15_000;

/** How often it is looked for a stream that is not there, in ms: a host makes it anew. */
const again = 250;

interface Found {
  /** The server has JetStream by now. */
  readonly stream: (stream: TaskStream) => void;
  /** It is there after the connection was lost. @param isSame whether it is the one that was there before */
  readonly back: (isSame: boolean, wasGone: boolean) => void;
  /** After how many ms the stream gives a task to others of which it hears nothing. */
  readonly ackWait: (ms: number) => void;
}

/** The stream of a profile as a daemon has it: where there is none, it is looked for. */
export class StreamSearch {
  readonly #setting: Setting;
  readonly #found: Found;
  #stream: TaskStream | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  #isOver = false;
  /** When the consumer was made. */
  #created: string | undefined;

  constructor(setting: Setting, found: Found) {
    this.#setting = setting;
    this.#found = found;
  }

  get stream(): TaskStream | undefined {
    return this.#stream;
  }

  start(): void {
    const { stream, launch } = this.#setting;
    if (stream) {
      this.#take(stream);
      return;
    }
    this.#timer = setInterval(() => this.#look(), searchTime);
    // A host that has launched it knows what the server has.
    if (launch !== undefined) return;
    const only = "only tasks of hosts with delivery 'at-most-once' come to this daemon";
    process.emitWarning(`the server has no JetStream for this account: ${only}`, 'MiraiWarning');
  }

  /** It may be another server, or what others have said of the stream was not heard. */
  reconnected(): void {
    this.#look();
  }

  stop(): void {
    this.#isOver = true;
    clearInterval(this.#timer);
  }

  #look(): void {
    if (this.#isLooking || this.#isOver) return;
    this.#isLooking = true;
    this.#ask()
      .catch((error: unknown) => diag.debug('mirai: the stream is not to be had', error))
      .finally(() => {
        this.#isLooking = false;
      });
  }

  async #ask(): Promise<void> {
    const { connection, names, streamOptions } = this.#setting;
    if (this.#stream) return this.#await(this.#stream);
    const stream = await findStream(connection, names, streamOptions);
    if (stream && !this.#isOver) this.#take(stream);
  }

  async #await({ manager }: TaskStream): Promise<void> {
    const { names } = this.#setting;
    for (let wasGone = false; !this.#isOver; wasGone = true) {
      try {
        const info = await manager.consumers.info(names.stream, group);
        this.#found.ackWait(ackWaitOf(info));
        this.#found.back(info.created === this.#created, wasGone);
        this.#created = info.created;
        return;
      } catch {
        await delay(again);
      }
    }
  }

  #take(stream: TaskStream): void {
    clearInterval(this.#timer);
    this.#stream = stream;
    this.#created = stream.consumerCreated;
    this.#found.stream(stream);
    this.#found.ackWait(stream.ackWait);
  }
}
