import { group, type Names } from '../names.js';
import type { TaskStream } from '../stream.js';
import { type Flight, messageIdOf } from './flight.js';
import type { TaskMessage } from './task-messages.js';

/** How old a message is before it is looked for, in ms. */
export const lookTime = 5000;

/** How many messages are asked for at a look, and how many bytes: they come whole. */
const mostAsked = 64;
const mostBytes = 1024 * 1024;

/** Finds tasks whose messages are gone while their ends have not come: the stream was lost, or a daemon gave its host up. */
export class LostTasks {
  readonly #stream: TaskStream;
  readonly #names: Names;
  readonly #host: string;
  /** Those that were gone at the last look. */
  #missing = new Set<Flight>();
  /** The last message that was asked for: the next look goes on behind it. */
  #last = 0;

  constructor(stream: TaskStream, names: Names, host: string) {
    this.#stream = stream;
    this.#names = names;
    this.#host = host;
  }

  /**
   * Looks once. The end of a task whose message has just gone may be on its way: it is found by the next look.
   *
   * @throws if the server does not answer
   */
  async find(flights: Iterable<readonly [Flight, TaskMessage]>): Promise<Flight[]> {
    const old = performance.now() - lookTime;
    const candidates = [...flights].filter(
      ([{ sequence, sent, isDuplicate }]) => sequence !== undefined && (sent < old || isDuplicate),
    );
    const gone = candidates.length > 0 ? await this.#goneOf(candidates) : [];
    // The end of one that was submitted before is kept before its message goes.
    const found = gone.filter((flight) => flight.isDuplicate || this.#missing.has(flight));
    this.#missing = new Set(gone);
    return found;
  }

  async #goneOf(candidates: readonly (readonly [Flight, TaskMessage])[]): Promise<Flight[]> {
    const { streams, consumers } = this.#stream.manager;
    const { stream } = this.#names;
    const [{ state }, { delivered }] = await Promise.all([
      streams.info(stream),
      consumers.info(stream, group),
    ]);
    const gone: Flight[] = [];
    const doubtful: (readonly [Flight, TaskMessage])[] = [];
    for (const candidate of candidates) {
      const [flight] = candidate;
      const { sequence = 0 } = flight;
      if (sequence < state.first_seq || sequence > state.last_seq) gone.push(flight);
      // What no daemon has been given yet is there, unless its host has taken it back. A list of all that is not there would be as long as the stream is old.
      else if (flight.isDuplicate || sequence <= delivered.stream_seq) doubtful.push(candidate);
    }
    for (let areMore = true; areMore; ) {
      const some = this.#someOf(doubtful);
      const are = await Promise.all(some.map((flight) => this.#isThere(flight)));
      const missed = some.filter((_, index) => !are[index]);
      gone.push(...missed);
      // Where some are lost, others may be: a server that was killed has lost what it had not written yet.
      areMore = missed.length > 0;
      doubtful.splice(0, some.length);
    }
    return gone.filter(({ isOver }) => !isOver);
  }

  /** Those to be asked for now, sorted to the front: what is missed, then what was not asked for lately. */
  #someOf(doubtful: (readonly [Flight, TaskMessage])[]): Flight[] {
    const turn = (flight: Flight) =>
      this.#missing.has(flight) ? 0 : (flight.sequence ?? 0) > this.#last ? 1 : 2;
    doubtful.sort(([one], [other]) => turn(one) - turn(other) || (one.sequence ?? 0) - (other.sequence ?? 0));
    const some: Flight[] = [];
    let bytes = 0;
    for (const [flight, message] of doubtful) {
      bytes += message.bytes.length;
      if (some.length === mostAsked || (some.length > 0 && bytes > mostBytes)) break;
      some.push(flight);
    }
    this.#last = some.at(-1)?.sequence ?? this.#last;
    return some;
  }

  async #isThere(flight: Flight): Promise<boolean> {
    const { sequence: seq = 0 } = flight;
    const message = await this.#stream.manager.streams.getMessage(this.#names.stream, { seq });
    // Numbers are given to other messages where the end of the stream was lost.
    return message?.header?.get('Nats-Msg-Id') === messageIdOf(this.#host, flight);
  }
}
