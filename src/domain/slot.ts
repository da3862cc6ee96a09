import { type Installation, type Slot, state } from './global-state.js';
import { queueJob } from './jobs.js';
import { notify } from './observer.js';

/**
 * Puts `value` into the slot, or what was there before it if the `installation` that made it current is over. Whoever
 * enters reads `slot.value` and `slot.installation` before, and puts both back by `leave`.
 */
export function enter<T>(slot: Slot<T>, value: T | undefined, installation?: Installation<T>): void {
  put(slot, value, installation);
  if (state.observers && isDomain(slot)) notify({ kind: 'domain enter', domain: slot.value });
}

export function leave<T>(
  slot: Slot<T>,
  value: T | undefined,
  installation: Installation<T> | undefined,
): void {
  put(slot, value, installation);
  if (state.observers && isDomain(slot)) notify({ kind: 'domain leave', domain: slot.value });
}

/**
 * Puts `value` into the slot until the returned function is called, at the latest until the end of the running job. An
 * await that is kept by a bracket carries the installation along.
 */
export function install<T>(slot: Slot<T>, value: T | undefined): () => void {
  const installation: Installation<T> = { ...slot, over: false };
  enter(slot, value, installation);
  // No job starts with a value, so what is still installed at the end of this one was forgotten or is suspended.
  queueJob(() => {
    if (slot.value) leave(slot, undefined, undefined);
  });
  return () => {
    installation.over = true;
    if (slot.installation === installation) leave(slot, installation.value, installation.installation);
  };
}

function put<T>(slot: Slot<T>, value: T | undefined, installation: Installation<T> | undefined): void {
  let current = value;
  let under = installation;
  while (under?.over) {
    current = under.value;
    under = under.installation;
  }
  slot.value = current;
  slot.installation = under;
}

function isDomain(slot: object): slot is typeof state.domain {
  return slot === state.domain;
}
