import { type Slot, state } from './global-state.js';
import { leave } from './slot.js';

/*
 * What an async function has installed must not be seen by its caller once it is suspended. That an await suspends, the
 * accessors notice; whether it suspends the function that installed or one that it has called, only the stack tells.
 */

/** How much deeper an accessor that an await reads is in the stack than a function that installs, called beside it. */
let shift: number | undefined;

/** Whether something is installed by a function that may still be suspended in this job. */
export function mayBeSuspended(): boolean {
  return state.domain.installation?.depth !== undefined || state.context.installation?.depth !== undefined;
}

/** Takes out what was installed by the function whose await has read the accessor, or by those that it has called. */
export function takeOutSuspended(depth: number): void {
  shift ??= depth - (state.domain.installation?.depth ?? Number.NaN);
  takeOut(state.domain, depth - shift);
  takeOut(state.context, depth - shift);
}

function takeOut<T>(slot: Slot<T>, depth: number): void {
  const { installation } = slot;
  if (installation?.depth === undefined || !(depth <= installation.depth)) return;
  installation.depth = undefined;
  leave(slot, installation.value, installation.installation);
  takeOut(slot, depth);
}

/**
 * Measures `shift` once, by an async function that installs a domain, awaits a domain promise, and never goes on. It
 * depends on the engine and on what a bundler has made of this library.
 */
export function calibrate(probe: () => void): void {
  if (shift !== undefined || isCalibrating) return;
  isCalibrating = true;
  const { observers } = state;
  state.observers = undefined;
  probe();
  state.observers = observers;
  shift ??= Number.NaN; // no await was noticed: nothing will be taken out
}

let isCalibrating = false;
