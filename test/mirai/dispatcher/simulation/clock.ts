interface Act {
  readonly at: number;
  readonly act: () => void;
}

/** A time that goes on only when told, in ms, and what is to be done when. */
export class Clock {
  #now = 0;
  /** The earliest last; of the same time the one that was planned first last. */
  readonly #agenda: Act[] = [];

  get now(): number {
    return this.#now;
  }

  at(time: number, act: () => void): void {
    let index = this.#agenda.length;
    while (index > 0 && (this.#agenda[index - 1]?.at ?? 0) <= time) index--;
    this.#agenda.splice(index, 0, { at: time, act });
  }

  /** Does what is due until then, in order. */
  goOn(ms: number): void {
    const until = this.#now + ms;
    for (let next = this.#agenda.at(-1); next && next.at <= until; next = this.#agenda.at(-1)) this.#do(next);
    this.#now = until;
  }

  /** Does everything that is planned, and what is planned meanwhile. @returns whether it comes to an end */
  finish(most: number): boolean {
    for (let done = 0; done < most; done++) {
      const next = this.#agenda.at(-1);
      if (!next) return true;
      this.#do(next);
    }
    return false;
  }

  #do(next: Act): void {
    this.#agenda.pop();
    this.#now = Math.max(this.#now, next.at);
    next.act();
  }
}

/** Messages in one direction: they arrive in order, after the given times in turn, or at once if there are none. */
export class Channel {
  readonly #clock: Clock;
  readonly #delays: readonly number[];
  #sent = 0;
  #last = 0;
  #closed = false;

  constructor(clock: Clock, delays: readonly number[]) {
    this.#clock = clock;
    this.#delays = delays;
  }

  send(arrive: () => void): void {
    const delay = this.#delays[this.#sent++ % this.#delays.length];
    if (delay === undefined) {
      arrive();
      return;
    }
    this.#last = Math.max(this.#last, this.#clock.now + delay);
    this.#clock.at(this.#last, () => {
      if (!this.#closed) arrive();
    });
  }

  /** What is on its way does not arrive. */
  close(): void {
    this.#closed = true;
  }
}
