import { type Installation, type Slot, state } from './global-state.js';
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
