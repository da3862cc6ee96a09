import type { Durations } from './durations.js';
import type { Hand } from './hand.js';
import type { Job, Ticket } from './job.js';

type Hands<J extends Job> = Iterable<Hand<J>>;

/** The daemon with the fewest jobs in hand among those that may be sent one more of this kind behind them. */
export function withRoom<J extends Job>(hands: Hands<J>, job: J, durations: Durations, now: number) {
  let best: Hand<J> | undefined;
  if (job.pinned || durations.expected(job.kind) === Number.POSITIVE_INFINITY) return best;
  for (const hand of hands) {
    if (best && hand.tickets.length >= best.tickets.length) continue;
    if (hand.isOpen && hand.arrears.length === 0 && hand.hasRoom(job.kind, durations, now)) best = hand;
  }
  return best;
}

/** The daemon with the fewest jobs in hand, among equals the one that was sent the fewest so far. */
export function inTurn<J extends Job>(hands: Hands<J>): Hand<J> | undefined {
  let best: Hand<J> | undefined;
  for (const hand of hands) {
    if (!hand.isOpen || hand.arrears.length > 0) continue;
    const more = best ? hand.tickets.length - best.tickets.length || hand.sent - best.sent : -1;
    if (more < 0) best = hand;
  }
  return best;
}

/** The later half of what the daemon that has the most of it was sent ahead. */
export function halfOfTheMost<J extends Job>(hands: Hands<J>): Ticket<J>[] {
  let most: Ticket<J>[] = [];
  for (const hand of hands) {
    if (hand.tickets.length - 1 <= most.length) continue;
    const unstarted = hand.unstarted();
    if (unstarted.length > most.length) most = unstarted;
  }
  return most.slice(Math.floor(most.length / 2));
}
