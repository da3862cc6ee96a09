import type { Departure } from '../../engine.js';
import type { Presence } from '../wire/from-daemon.js';
import type { HostEpochs } from './everywhere.js';
import type { Reception } from './reception.js';
import type { Roster } from './roster.js';
import type { Session } from './session.js';

/** How often daemons are asked how they are, in ms, and how many answers one may miss. */
const askTime = 1000;
const missed = 3.5;

/** So that they are not asked more often than the server and this process can bear, in ms for each of them. */
const askTimeEach = 2;

interface Parts {
  readonly roster: Roster;
  readonly epochs: HostEpochs;
  readonly reception: () => Reception;
  readonly session: () => Session | undefined;
  /** Daemons have come or gone, or are busy or free now. */
  readonly changed: () => void;
}

/** Finds out which daemons are there. */
export class Attendance {
  readonly #parts: Parts;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Asks all daemons how they are again and again, the less often the more there are. */
  start(): void {
    const { roster, session, reception } = this.#parts;
    const every = Math.max(askTime, roster.size * askTimeEach);
    this.#timer = setTimeout(() => {
      session()?.inbox.ask();
      const how = 'has not been heard of for too long';
      for (const daemon of roster.silent(missed * every)) this.gone(daemon, { how });
      reception().lookForUnheard();
      this.start();
    }, every).unref();
  }

  /** What was missed while this side was cut off does not count. */
  reconnected(): void {
    this.#parts.roster.forgive();
    this.#parts.changed();
  }

  stop(): void {
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
    const { roster, reception, session, changed } = this.#parts;
    const presence = roster.remove(daemon);
    if (presence) reception().gone(presence, departure, session()?.hasStream === true);
    changed();
  }
}
