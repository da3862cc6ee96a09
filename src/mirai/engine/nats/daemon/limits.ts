import type { LeaveReason } from '../options.js';

interface Limits {
  readonly maxTasks?: number | undefined;
  readonly idleTime?: number | undefined;
  readonly wallTime?: number | undefined;
}

/** When a daemon is to leave on its own. */
export class LeaveLimits {
  readonly #limits: Limits;
  readonly #leave: (reason: LeaveReason) => void;
  #taken = 0;
  #busy = 0;
  #idle: NodeJS.Timeout | undefined;
  #wall: NodeJS.Timeout | undefined;

  constructor(limits: Limits, leave: (reason: LeaveReason) => void) {
    this.#limits = limits;
    this.#leave = leave;
  }

  /** The daemon is there. */
  start(): void {
    const { wallTime } = this.#limits;
    if (wallTime !== undefined) this.#wall = setTimeout(() => this.#leave('wallTime'), wallTime);
    this.#rest();
  }

  /** How many tasks it may take yet. */
  get left(): number {
    return (this.#limits.maxTasks ?? Number.POSITIVE_INFINITY) - this.#taken;
  }

  took(): void {
    this.#taken++;
    this.#busy++;
    clearTimeout(this.#idle);
  }

  /** It has not been run. */
  gaveBack(): void {
    this.#taken--;
    this.#ended();
  }

  ended(): void {
    this.#ended();
    if (this.left <= 0 && this.#busy === 0) this.#leave('maxTasks');
  }

  stop(): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#wall);
  }

  #ended(): void {
    this.#busy--;
    if (this.#busy === 0) this.#rest();
  }

  #rest(): void {
    const { idleTime } = this.#limits;
    if (idleTime !== undefined) this.#idle = setTimeout(() => this.#leave('idleTime'), idleTime);
  }
}
