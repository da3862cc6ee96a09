import { setTimeout as delay } from 'node:timers/promises';

/** Lets each request take its time: `units` of a tenth of a second, so that a person can watch. */
export function atLeisure() {
  return (_section, units) => delay(units * 100);
}

/**
 * Holds each request until one of the other section is held too, then lets the two go. Which one goes first changes from
 * pair to pair. So both flows of the page are always amidst an await together, however fast the machine is.
 */
export function inPairs() {
  const held = { buy: [], search: [] };
  let pairs = 0;
  return (section) => {
    const released = new Promise((release) => {
      held[section].push(release);
    });
    while (held.buy.length && held.search.length) {
      const pair = [held.buy.shift(), held.search.shift()];
      if (pairs++ % 2) pair.reverse();
      for (const release of pair) release();
    }
    return released;
  };
}
