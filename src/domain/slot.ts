import type { Installation, Slot } from './global-state.js';

/**
 * Puts `value` into the slot, or what was there before it if the `installation` that made it current is over. Whoever
 * puts something there for a while reads `slot.value` and `slot.installation` before, and puts both back.
 */
export function put<T>(slot: Slot<T>, value: T | undefined, installation?: Installation<T>): void {
  let current = value;
  let under = installation;
  while (under?.over) {
    current = under.value;
    under = under.installation;
  }
  slot.value = current;
  slot.installation = under;
}
