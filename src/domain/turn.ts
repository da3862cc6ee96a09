import type { Enter } from './global-state.js';
import { queueJob } from './jobs.js';

/** Counts the turns. A turn ends with a microtask that is queued before every job that an await queues in it. */
export let turn = 0;
let isEndQueued = false;

/** The promise whose `constructor` was read last in this turn while something was active, and what was captured there. */
let noted: Promise<unknown> | undefined;
let captured: Enter | undefined;

export function noteRead(promise: Promise<unknown>, enter: Enter | undefined): void {
  captured = enter;
  noted = enter && promise;
  if (!enter || isEndQueued) return;
  isEndQueued = true;
  queueJob(endTurn);
}

/** What was captured when `promise.constructor` was read, if that of no other has been read since. */
export function takeRead(promise: Promise<unknown>): Enter | undefined {
  if (noted !== promise) return undefined;
  const taken = captured;
  noted = captured = undefined;
  return taken;
}

/** To be called where `endTurn` is queued already, behind what is to run in the turn. */
export function startTurn(): void {
  isEndQueued = true;
}

export function endTurn(): void {
  turn++;
  isEndQueued = false;
  noted = captured = undefined;
}
