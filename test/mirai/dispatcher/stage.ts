import type { Decisions, DispatcherOptions } from '../../../src/mirai/dispatcher/decisions.js';
import { Dispatcher } from '../../../src/mirai/dispatcher/dispatcher.js';
import type { Barrier, Job, Ticket } from '../../../src/mirai/dispatcher/job.js';

export interface NamedJob extends Job {
  readonly name: string;
}

export type NamedTicket = Ticket<NamedJob>;

/** A dispatcher with these daemons, whose decisions are written down and carried out by nobody. */
export function stage(daemons: number, options: Partial<DispatcherOptions> = {}) {
  const unlimited = { memory: Number.POSITIVE_INFINITY, maxTasks: Number.POSITIVE_INFINITY };
  const tickets = new Map<string, NamedTicket>();
  const log: string[] = [];
  const react: Partial<Decisions<NamedJob>> = {};
  const decisions: Decisions<NamedJob> = {
    send(daemon, ticket) {
      tickets.set(ticket.job.name, ticket);
      log.push(`send ${daemon} ${ticket.job.name}`);
      react.send?.(daemon, ticket);
    },
    recall(daemon, asked) {
      log.push(`recall ${daemon} ${asked.map(({ job }) => job.name).join()}`);
      react.recall?.(daemon, asked);
    },
    abort(daemon, ticket) {
      log.push(`abort ${daemon} ${ticket.job.name}`);
      react.abort?.(daemon, ticket);
    },
    lose(ticket) {
      log.push(`lose ${ticket.job.name}`);
      react.lose?.(ticket);
    },
    leave: (daemon) => void log.push(`leave ${daemon}`),
    passed: () => void log.push('passed'),
  };
  const dispatcher = new Dispatcher(decisions, { ...unlimited, direct: false, ...options });
  const clock = { now: 0 };

  function job(name: string, rest: Partial<Job> = {}): NamedJob {
    return { name, bytes: 0, kind: name, pinned: false, retries: 0, ...rest };
  }

  function ticket(name: string): NamedTicket {
    const found = tickets.get(name);
    if (!found) throw new Error(`${name} was never submitted`);
    return found;
  }

  /** Submits a job of a kind of its own, or of the given one. */
  function submit(name: string, rest?: Partial<Job>): NamedTicket {
    const submitted = dispatcher.submit(job(name, rest), clock.now);
    tickets.set(name, submitted);
    return submitted;
  }

  const stage = {
    dispatcher,
    clock,
    /** What is done within decisions. */
    react,
    submit,
    ticket,
    /** What was decided since it was last asked. */
    decided: () => log.splice(0),
    join: (daemon: number) => dispatcher.join(daemon, clock.now),
    everywhere(name: string, min = 0, rest?: Partial<Job>): Barrier<NamedJob> {
      return dispatcher.everywhere((daemon) => job(`${name}.${daemon}`, rest), min, clock.now);
    },
    finish: (daemon: number, name: string, ran = 100) =>
      dispatcher.finished(daemon, ticket(name), ran, clock.now),
    /** Answers what was asked back: these are given, those have started. */
    answer(daemon: number, given: readonly string[], started: readonly string[] = []) {
      const givenTickets = given.map(ticket);
      const asked = [...givenTickets, ...started.map(ticket)];
      dispatcher.recalled(daemon, asked, new Set(givenTickets), clock.now);
    },
    cancel: (name: string) => dispatcher.cancel(ticket(name), clock.now),
    retire: (daemon: number) => dispatcher.retire(daemon, clock.now),
    /** The daemon is gone; these jobs it had started. */
    lose: (daemon: number, ...started: string[]) =>
      dispatcher.lost(daemon, ({ job }) => started.includes(job.name), clock.now),
    /** Lets it be known that jobs of this kind take 0.01 ms; all daemons are idle before and after. */
    teachShort(kind: string) {
      const submitted = submit(`teacher of ${kind}`, { kind });
      const { daemon } = submitted;
      if (daemon === undefined) throw new Error('no daemon is idle');
      dispatcher.finished(daemon, submitted, 0.01, clock.now);
      log.splice(0);
    },
  };
  for (let daemon = 1; daemon <= daemons; daemon++) stage.join(daemon);
  return stage;
}
