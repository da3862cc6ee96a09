import { AtTheEnd } from '../../../host/at-the-end.js';
import { within } from '../within.js';
import type { Source } from './delivery.js';
import { Direct, type DirectParts } from './direct.js';
import { Pull, type PullParts } from './pull.js';
import type { Setting } from './setting.js';
import { StreamSearch } from './stream-search.js';

/** How often it is looked whether more tasks can come, in ms, beside every time that something has changed. */
const lookTime = 1000;

/** How often the stream is told of work within the time after which it gives a task to others. */
const perWait = 3;

/** The longest time that a timer takes, in ms. */
const longest = 2 ** 31 - 1;

/** How long the server may take to hand over what is on its way, in ms. */
const stopTime = 1000;

interface Parts extends PullParts, DirectParts {
  /** Tells the stream of the tasks that are at work. */
  readonly tellOfWork: () => void;
}

/** The tasks that come to a daemon: from the stream, and directly. */
export class Supply {
  readonly #setting: Setting;
  readonly #parts: Parts;
  #sources: Source[] = [];
  readonly #fill = new AtTheEnd(() => {
    for (const source of this.#sources) source.fill();
  });
  readonly #search: StreamSearch;
  #ackWait = longest;
  #working: NodeJS.Timeout | undefined;
  #looking: NodeJS.Timeout | undefined;

  constructor(setting: Setting, parts: Parts) {
    this.#setting = setting;
    this.#parts = parts;
    const { connection, names } = setting;
    this.#search = new StreamSearch(setting, {
      stream: () => void this.#sources.push(new Pull(connection, names, parts)),
      back: (isSame, wasGone) => {
        for (const source of this.#sources) source.back(isSame, wasGone);
      },
      ackWait: (ms) => this.ackWait(ms),
    });
  }

  /** Whether the stream has the message of a number. */
  async has(sequence: number): Promise<boolean> {
    const { names } = this.#setting;
    const known = await this.#search.stream?.manager.streams.getMessage(names.stream, { seq: sequence });
    return known !== null && known !== undefined;
  }

  start(): void {
    const { connection, names, id } = this.#setting;
    this.#sources = [new Direct(connection, names, id, this.#parts)];
    this.#search.start();
    this.#looking = setInterval(() => {
      for (const source of this.#sources) source.look();
    }, lookTime);
  }

  /** There may be room: asked for once all else of this turn is done, when slots know that they are free. */
  fill(): void {
    this.#fill.ask();
  }

  reconnected(): void {
    this.#search.reconnected();
    for (const source of this.#sources) source.reconnected();
  }

  /**
   * What one host says may be overtaken by what another one has set since: the least that was heard of does no harm.
   *
   * @param ms after which the stream gives a task to others of which it hears nothing
   */
  ackWait(ms: number): void {
    if (ms >= this.#ackWait) return;
    this.#ackWait = ms;
    clearInterval(this.#working);
    this.#working = setInterval(this.#parts.tellOfWork, ms / perWait);
  }

  /** No more tasks come. The stream is told of those that are there until `close()`. */
  async stop(): Promise<void> {
    clearInterval(this.#looking);
    this.#search.stop();
    await within(stopTime, Promise.all(this.#sources.map((source) => source.stop())));
  }

  close(): void {
    clearInterval(this.#working);
  }
}
