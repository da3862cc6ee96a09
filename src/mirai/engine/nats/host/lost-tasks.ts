import { group, type Names } from '../names.js';
import type { TaskStream } from '../stream.js';
import type { Flight } from './flight.js';
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
  readonly #subject: string;
  /** Those that were gone at the last look. */
  #missing = new Set<Flight>();
  /** The last message that was asked for: the next look goes on behind it. */
  #last = 0;

  constructor(stream: TaskStream, names: Names, host: string) {
    this.#stream = stream;
    this.#names = names;
    this.#subject = names.taskOf(host);
  }

  /**
   * Looks once. The end of a task whose message has just gone may be on its way: it is found by the next look.
   *
   * @throws if the server does not answer
   */
  async find(flights: Iterable<readonly [Flight, TaskMessage]>): Promise<Flight[]> {
    const old = performance.now() - lookTime;
    const candidates = [...flights].filter(([{ sequence, sent }]) => sequence !== undefined && sent < old);
    const gone = candidates.length > 0 ? await this.#goneOf(candidates) : [];
    const found = gone.filter((flight) => this.#missing.has(flight));
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
      // What no daemon has been given yet is there. A list of all that is not there would be as long as the stream is old.
      else if (sequence <= delivered.stream_seq) doubtful.push(candidate);
    }
    for (const flight of this.#someOf(doubtful)) if (!(await this.#isThere(flight))) gone.push(flight);
    return gone.filter(({ isOver }) => !isOver);
  }

  /** Those to be asked for now: what is missed, then what was not asked for lately. */
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
    this.#last = some.at(-1)?.sequence ?? 0;
    return some;
  }

  async #isThere({ sequence = 0, key }: Flight): Promise<boolean> {
    const message = await this.#stream.manager.streams.getMessage(this.#names.stream, { seq: sequence });
    // Numbers begin anew where the stream was lost. Under a key, it may be the message of another host.
    return message !== null && (key !== undefined || message.subject === this.#subject);
  }
}
