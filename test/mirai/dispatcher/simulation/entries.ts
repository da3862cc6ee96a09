import type { SimulatedJob, SimulatedTicket } from './schedule.js';

/** How a job was settled. */
export type Fate = 'finished' | 'lost' | 'cancelled' | 'cleared';

/** What is known of a job from outside. */
export interface Entry {
  readonly job: SimulatedJob;
  /** Place in the order of submission. */
  readonly order: number;
  /** The barrier that it is a part of, and the daemon that it is for. */
  readonly part: { readonly barrier: BarrierEntry; readonly daemon: number } | undefined;
  ticket: SimulatedTicket | undefined;
  fate: Fate | undefined;
  /** The daemon that has it in hand. */
  hand: HandEntry | undefined;
  givenBackBy: HandEntry | undefined;
  /** How often it was sent, was started, was in a hand that was lost and is to blame. */
  sends: number;
  starts: number;
  losses: number;
  /** Its daemon was lost, and it is not tried again. */
  doomed: boolean;
  /** Its daemon was asked for it and has not answered; it has said no; it was asked to end it. */
  asked: boolean;
  refused: boolean;
  aborted: boolean;
}

export interface BarrierEntry {
  readonly order: number;
  readonly min: number;
  /** By daemon. */
  readonly parts: Map<number, Entry>;
  /** The daemons that came too late to hold it back. */
  readonly late: Set<number>;
  /** How many had a part at the call. */
  there: number;
  ran: number;
  passed: boolean;
}

export interface HandEntry {
  readonly daemon: number;
  /** The first one is running, as far as can be seen from outside. */
  readonly entries: Entry[];
  /** When the first one became the first. */
  since: number;
  /** How many jobs it was sent, without those that it gave back and parts of barriers. */
  sent: number;
  completed: number;
  retired: boolean;
  left: boolean;
}

export function newEntry(job: SimulatedJob, order: number, part?: Entry['part']): Entry {
  const marks = { doomed: false, asked: false, refused: false, aborted: false };
  const counts = { sends: 0, starts: 0, losses: 0 };
  const nothing = { ticket: undefined, fate: undefined, hand: undefined, givenBackBy: undefined };
  return { job, order, part, ...nothing, ...counts, ...marks };
}

export function newHand(daemon: number): HandEntry {
  return { daemon, entries: [], since: 0, sent: 0, completed: 0, retired: false, left: false };
}
