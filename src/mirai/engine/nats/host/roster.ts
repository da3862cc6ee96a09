import type { DaemonStatus } from '../../../options.js';
import type { Origin } from '../../../telemetry/relay.js';
import type { Presence } from '../wire/from-daemon.js';
import type { Slot } from '../wire/parts.js';

interface Known {
  presence: Presence;
  /** How often daemons had been asked when it was last heard of. */
  heard: number;
  /** Numbers of its slots in the profile, by their own. */
  readonly numbers: Map<number, number>;
}

/** The daemons that are there, as they say of themselves. */
export class Roster {
  readonly #daemons = new Map<string, Known>();
  /** Of slots, by their daemon and their own numbers. */
  readonly #origins = new Map<string, Map<number, Origin>>();
  #next = 1;
  #asked = 0;

  /** Daemons are asked how they are. */
  ask(): void {
    this.#asked++;
  }

  /** @returns whether it was not known before */
  heard(presence: Presence): boolean {
    const { daemon } = presence;
    const known = this.#daemons.get(daemon);
    const heard = this.#asked;
    if (known) Object.assign(known, { presence, heard });
    else this.#daemons.set(daemon, { presence, heard, numbers: new Map() });
    const numbers = this.#daemons.get(daemon)?.numbers;
    for (const { id } of presence.slots) if (numbers && !numbers.has(id)) numbers.set(id, this.#next++);
    return !known;
  }

  /** A slot has begun or ended a task, which it would say itself only when it is asked. */
  changed(daemon: string, slot: number, state: 'idle' | 'executing'): void {
    const known = this.#daemons.get(daemon);
    const found = known?.presence.slots.find(({ id }) => id === slot);
    if (!found || found.state === 'leaving') return;
    found.state = state;
    if (state === 'idle') found.completed++;
  }

  /** A message has come of it. */
  isAlive(daemon: string): void {
    const known = this.#daemons.get(daemon);
    if (known) known.heard = this.#asked;
  }

  remove(daemon: string): Presence | undefined {
    const known = this.#daemons.get(daemon);
    this.#daemons.delete(daemon);
    this.#origins.delete(daemon);
    return known?.presence;
  }

  has(daemon: string): boolean {
    return this.#daemons.has(daemon);
  }

  /** Those that have left more than `missed` questions in a row without an answer, the one on its way included. */
  silent(missed: number): string[] {
    const isSilent = ({ heard }: Known) => this.#asked - heard > missed;
    return [...this.#daemons].filter(([, known]) => isSilent(known)).map(([daemon]) => daemon);
  }

  /** What was missed while this side was cut off does not count. */
  forgive(): void {
    for (const known of this.#daemons.values()) known.heard = this.#asked;
  }

  /** The slots of each daemon that takes tasks, by their numbers in the profile. */
  *slots(): Iterable<[daemon: string, numbers: readonly number[]]> {
    for (const [daemon, { presence, numbers }] of this.#daemons) {
      if (presence.state === 'here')
        yield [daemon, presence.slots.flatMap(({ id }) => numbers.get(id) ?? [])];
    }
  }

  /** Whether a slot is free. */
  get hasIdle(): boolean {
    for (const { presence } of this.#daemons.values()) {
      if (presence.state === 'here' && presence.slots.some(({ state }) => state === 'idle')) return true;
    }
    return false;
  }

  get size(): number {
    let size = 0;
    for (const { presence } of this.#daemons.values()) size += presence.slots.length;
    return size;
  }

  status(): DaemonStatus[] {
    const all: DaemonStatus[] = [];
    for (const { presence, numbers } of this.#daemons.values()) {
      for (const { id, pid, threadId, state, completed } of presence.slots) {
        const leaving = presence.state !== 'here' ? 'leaving' : state;
        all.push({ id: numbers.get(id) ?? 0, pid, threadId, state: leaving, completed });
      }
    }
    return all.sort((one, other) => one.id - other.id);
  }

  /** One object for each slot, as relays want it. */
  origin(daemon: string, { id, pid, threadId, connect }: Slot): Origin {
    const origins = this.#origins.get(daemon) ?? new Map<number, Origin>();
    const found = origins.get(id);
    if (found && (found.connect || !connect)) return found;
    const known = this.#daemons.get(daemon);
    const origin = { id: known?.numbers.get(id) ?? 0, pid, threadId, connect };
    // What comes of one that is gone is the last of it.
    if (known) this.#origins.set(daemon, origins.set(id, origin));
    return origin;
  }
}
