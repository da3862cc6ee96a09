import type { DispatcherOptions } from '../../../../src/mirai/dispatcher/decisions.js';
import type { Job, Ticket } from '../../../../src/mirai/dispatcher/job.js';

export interface SimulatedJob extends Job {
  readonly name: string;
  /** How long it really takes, in ms. */
  readonly takes: number;
  readonly onAbort: OnAbort;
}

export type SimulatedTicket = Ticket<SimulatedJob>;

/** What a job does when its end is asked for. */
export type OnAbort = 'ends' | 'goes on' | 'crashes';

/** A job to be: one without a kind gets a kind of its own. */
export interface JobSpec extends Omit<SimulatedJob, 'name' | 'kind'> {
  readonly kind: string | undefined;
}

/** Numbers that choose a job or a daemon count from the newest, round and round. */
export type Step =
  | { readonly step: 'submit'; readonly job: JobSpec; readonly times: number }
  | { readonly step: 'try'; readonly job: JobSpec }
  | { readonly step: 'wait'; readonly ms: number }
  | { readonly step: 'cancel'; readonly job: number }
  | { readonly step: 'time out'; readonly job: number; readonly after: number }
  | { readonly step: 'crash'; readonly daemon: number }
  | { readonly step: 'retire'; readonly daemon: number }
  | { readonly step: 'join' }
  | { readonly step: 'everywhere'; readonly min: number; readonly job: JobSpec };

export interface World extends DispatcherOptions {
  /** How many daemons are there at the start. */
  readonly daemons: number;
  /** How long messages to daemons and back take in turn, in ms; none for calls. */
  readonly there: readonly number[];
  readonly back: readonly number[];
  /** Whether the host takes jobs back by itself, with no message. */
  readonly claims: boolean;
  /** How long a daemon rests between two jobs, in ms. */
  readonly rest: number;
  /** Which job had been started when a daemon is lost: what it knows itself, or the first one in its hand. */
  readonly blames: 'started' | 'first';
  /** Whether messages on their way are lost with their daemon. */
  readonly drops: boolean;
  /** What is done in the middle of decisions, in turn. */
  readonly reactions: readonly (Step | undefined)[];
}

export interface Schedule {
  readonly world: World;
  readonly steps: readonly Step[];
  /** Whether it runs until all is over, or is cleared. */
  readonly end: 'drain' | 'clear';
}
