import type { Departure } from '../../engine.js';
import type { Presence } from '../wire/from-daemon.js';
import type { HostEpochs } from './everywhere.js';
import type { Reception } from './reception.js';
import type { Roster } from './roster.js';
import type { Session } from './session.js';

/** How often daemons are asked how they are, in ms, and how many times in a row one may leave that without an answer. */
const askTime = 1000;
const mostMissed = 3;

/** So that they are not asked more often than the server and this process can bear, in ms for each of them. */
const askTimeEach = 2;

interface Parts {
  readonly roster: Roster;
  readonly epochs: Pick<HostEpochs, 'joined' | 'gone' | 'remind'>;
  readonly reception: () => Pick<Reception, 'gone' | 'lookForUnheard'>;
  readonly session: () => Pick<Session, 'inbox' | 'hello' | 'hasStream' | 'reached'> | undefined;
  /** Daemons have come or gone, or are busy or free now. */
  readonly changed: () => void;
}

/** Finds out which daemons are there. */
export class Attendance {
  readonly #parts: Parts;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  /** Whether the server has not answered yet to what was asked last. */
  #isAsking = false;
  /** Since when this side has heard whatever there was to hear, in ms. */
  #hearsSince = performance.now();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Asks all daemons how they are again and again, the less often the more there are. */
  start(): void {
    const every = Math.max(askTime, this.#parts.roster.size * askTimeEach);
    const due = performance.now() + every;
    this.#timer = setTimeout(() => {
      // This process was busy with something else: what has come meanwhile is not yet read.
      if (performance.now() - due > every) this.#forgive();
      this.#ask();
      this.start();
    }, every).unref();
  }

  /** What was missed while this side was cut off does not count. */
  reconnected(): void {
    this.#forgive();
    this.#parts.epochs.remind();
    this.#parts.changed();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  present(presence: Presence): void {
    const { roster, epochs, session, changed } = this.#parts;
    const { daemon, state } = presence;
    if (state === 'gone') {
      this.gone(daemon, undefined);
      return;
    }
    if (roster.heard(presence)) {
      session()?.hello(daemon);
      const numbers = [...roster.slots()].find(([each]) => each === daemon)?.[1];
      if (numbers) epochs.joined(daemon, numbers);
    }
    changed();
  }

  /** @param departure `undefined` where it has left in order */
  gone(daemon: string, departure: Departure | undefined): void {
    const { roster, epochs, reception, session, changed } = this.#parts;
    const presence = roster.remove(daemon);
    if (presence) reception().gone(presence, departure, session()?.hasStream === true);
    epochs.gone(daemon);
    changed();
  }

  /** Judges once the server has answered: then all has come that it had before, and this side is not the one that is cut off. */
  #ask(): void {
    const { roster, epochs, session } = this.#parts;
    const there = session();
    if (!there) return;
    if (this.#isAsking) {
      this.#forgive();
      return;
    }
    this.#isAsking = true;
    roster.ask();
    there.inbox.ask();
    epochs.remind();
    const since = this.#hearsSince;
    there
      .reached()
      .then(
        () => (this.#hearsSince === since ? this.#judge() : this.#forgive()),
        () => this.#forgive(),
      )
      .finally(() => {
        this.#isAsking = false;
      });
  }

  #judge(): void {
    if (this.#isStopped) return;
    const { roster, reception } = this.#parts;
    const how = 'has not been heard of for too long';
    for (const daemon of roster.silent(mostMissed)) this.gone(daemon, { how });
    reception().lookForUnheard(this.#hearsSince);
  }

  #forgive(): void {
    this.#hearsSince = performance.now();
    this.#parts.roster.forgive();
  }
}
