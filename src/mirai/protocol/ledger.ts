const sent = 1;
const started = 2;
const ended = 3;
const recalled = 4;
const condemned = 5;

/** How far the numbers of jobs that a daemon has in hand may be apart. */
export const ledgerSize = 1024;

const cells = ledgerSize;

/** How long a daemon waits without sleep for what comes from the same process, in ms. */
export const awakeTime = 0.2;

/** Where the count of messages is, on which a daemon waits, and where that of its answers is. */
const bell = cells;
const answers = cells + 1;

/**
 * Memory that a daemon shares with the thread that feeds it. It says of every job that was sent whether the daemon has
 * started it, so that a job is either taken back or run, a crash is blamed on the job that ran, and the end of a job that
 * has ended meanwhile never hits the next one.
 *
 * A cell holds the number of a job and its state, and changes by compare-and-exchange only: a message about a job whose
 * cell was given to a later one changes nothing.
 */
export class Ledger {
  readonly buffer: SharedArrayBuffer;
  readonly #cells: Int32Array;

  constructor(buffer = new SharedArrayBuffer((cells + 2) * Int32Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer;
    this.#cells = new Int32Array(buffer);
  }

  /** Host: the job is about to be sent. */
  send(job: number): void {
    Atomics.store(this.#cells, job % cells, cell(job, sent));
  }

  /** Daemon: may the job run? */
  start(job: number): boolean {
    return this.#change(job, sent, started);
  }

  /** Daemon: the job has run. `false` means that this daemon, or all that it runs, is about to be ended. */
  end(job: number): boolean {
    return this.#change(job, started, ended);
  }

  /** Host: the job is taken back. `false` means that the daemon has started it. */
  recall(job: number): boolean {
    return this.#change(job, sent, recalled);
  }

  /** Host: the running job is about to be ended by force. `false` means that it does not run. */
  condemn(job: number): boolean {
    return this.#change(job, started, condemned);
  }

  /** Daemon: is the job to be broken off? */
  isCondemned(job: number): boolean {
    return Atomics.load(this.#cells, job % cells) === cell(job, condemned);
  }

  /** Host, of a daemon that is gone. */
  wasRunning(job: number): boolean {
    const state = Atomics.load(this.#cells, job % cells);
    return state === cell(job, started) || state === cell(job, condemned);
  }

  /** Host: messages were posted. */
  ring(): void {
    Atomics.add(this.#cells, bell, 1);
    Atomics.notify(this.#cells, bell);
  }

  /** Daemon: how often it rang. */
  get rung(): number {
    return Atomics.load(this.#cells, bell);
  }

  /**
   * Daemon: blocks for at most `ms` until it rings once more than `rung`.
   *
   * @param awake for how many ms of them it does not sleep
   * @returns whether it rang
   */
  wait(rung: number, ms: number, awake: number): boolean {
    // What comes at once is waited for without sleep: to be woken costs both sides more than the task may.
    for (const end = performance.now() + awake; performance.now() < end; )
      if (this.rung !== rung) return true;
    return Atomics.wait(this.#cells, bell, rung, ms) !== 'timed-out';
  }

  /** Daemon: a message was posted. */
  answer(): void {
    Atomics.add(this.#cells, answers, 1);
  }

  /** Host: how often it was answered. */
  get answered(): number {
    return Atomics.load(this.#cells, answers);
  }

  /** Host: waits without sleep, for at most `ms`, until it is answered once more than `answered`. */
  waitForAnswer(answered: number, ms: number): void {
    for (const end = performance.now() + ms; performance.now() < end; )
      if (this.answered !== answered) return;
  }

  /** Daemon: blocks until it is ended by force. In steps, so that it notices. */
  waitForTheEnd(): never {
    for (;;) Atomics.wait(this.#cells, bell, this.rung, 50);
  }

  #change(job: number, from: number, to: number): boolean {
    const before = cell(job, from);
    return Atomics.compareExchange(this.#cells, job % cells, before, cell(job, to)) === before;
  }
}

function cell(job: number, state: number): number {
  return ((job & 0xfffffff) << 3) | state;
}
