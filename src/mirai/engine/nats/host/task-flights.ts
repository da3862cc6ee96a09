import type { SpanContext } from '@opentelemetry/api';
import type { Backlog } from '../../../dispatcher/backlog.js';
import type { Ticket } from '../../../dispatcher/job.js';
import { MiraiError } from '../../../errors.js';
import type { Outcomes } from '../../../host/outcomes.js';
import type { PendingTask } from '../../../host/pending-task.js';
import type { Cancellations } from './cancellations.js';
import { DirectRoute } from './direct-route.js';
import { type Flight, flightOf } from './flight.js';
import type { Session } from './session.js';
import { SettledSpans } from './settled-spans.js';
import type { Circumstances, TaskMessage } from './task-messages.js';

interface Parts {
  readonly backlog: Backlog<PendingTask>;
  readonly outcomes: Outcomes;
  readonly cancellations: Cancellations;
  readonly session: () => Session | undefined;
  readonly circumstances: () => Circumstances;
  /** A ticket is over. */
  readonly over: (ticket: Ticket<PendingTask>) => void;
  /** A task waits in the queue once more. */
  readonly returned: () => void;
}

/** The tasks that have left the queue of the host and have not settled. */
export class TaskFlights {
  readonly #parts: Parts;
  readonly #flights = new Map<number, Flight>();
  /** Those that daemons run without their host. */
  readonly #left = new Set<number>();
  readonly #settled = new SettledSpans();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get(id: number): Flight | undefined {
    return this.#flights.get(id);
  }

  /** Whether daemons run it without their host. */
  isLeft(id: number): boolean {
    return this.#left.has(id);
  }

  /** How often daemons have begun a task; `undefined` where its host does not follow it any more. */
  starts(id: number): number | undefined {
    return this.isLeft(id) ? undefined : (this.get(id)?.starts ?? Number.MAX_SAFE_INTEGER);
  }

  /** The `mirai` span of a task, also of one that has settled not long ago. */
  spanOf(id: number): SpanContext | undefined {
    return this.get(id)?.task.submission.span ?? this.#settled.get(id);
  }

  get all(): Iterable<Flight> {
    return this.#flights.values();
  }

  get isEmpty(): boolean {
    return this.#flights.size === 0;
  }

  /** Whether a task is with the server that no daemon has begun. */
  get hasUnstarted(): boolean {
    for (const { ticket } of this.#flights.values())
      if (ticket.place === 'sent' && !ticket.barrier) return true;
    return false;
  }

  add(ticket: Ticket<PendingTask>): Flight {
    const { job } = ticket;
    const flight = flightOf(job, ticket, job.submission.kept?.key);
    this.#flights.set(job.submission.id, flight);
    return flight;
  }

  send(flight: Flight): void {
    const session = this.#parts.session();
    if (!session) return;
    const { messages, route, kept } = session;
    const { task } = flight;
    const own = task.submission.kept;
    const make = () => messages.ofTask(task, this.#parts.circumstances());
    const go = (message: TaskMessage) => {
      flight.large = message.large;
      if (!flight.isOver) route.send(flight, message);
      else if (message.large) session.large.delete(message.large);
    };
    const unlessKnown = async () => ((await kept.settle(flight)) ? undefined : make());
    const again = () => unlessKnown().catch(() => make());
    try {
      // What has vanished may have run, with its result kept and nobody there to hear of it.
      const message = own?.once ? unlessKnown() : own && flight.attempts > 0 ? again() : make();
      if ('bytes' in message) go(message);
      else message.then((made) => made && go(made)).catch((error: unknown) => this.refuse(task, error));
    } catch (error) {
      this.refuse(task, error);
    }
  }

  /** Rejects a task that cannot be sent. */
  refuse(task: PendingTask, error: unknown): void {
    if (task.isSettled) return;
    this.#parts.outcomes.reject(task, error instanceof Error ? error : new MiraiError(String(error)));
    const flight = this.get(task.submission.id);
    if (flight) this.ended(flight);
    else if (task.ticket) this.#parts.over(task.ticket);
  }

  /** Its promise has settled by what a daemon said. */
  ended(flight: Flight): void {
    this.#parts.session()?.route.ended(flight);
    this.#land(flight);
  }

  /** Its promise has settled, and nobody wants it any more. */
  cancelled(flight: Flight): void {
    this.#parts.cancellations.add(flight);
    this.#parts.session()?.route.cancelled(flight);
    this.#land(flight);
  }

  /** No daemon has it after all: it goes back to its place in the queue. */
  returned(flight: Flight | undefined): void {
    if (!flight || flight.isOver) return;
    flight.isOver = true;
    this.#flights.delete(flight.task.submission.id);
    const route = this.#parts.session()?.route;
    if (route instanceof DirectRoute) route.returned(flight);
    this.#parts.backlog.putBack(flight.ticket);
    this.#parts.returned();
  }

  /** @param areLeft whether daemons are to run them all the same */
  clear(areLeft: boolean): void {
    for (const [id, flight] of this.#flights) {
      flight.isOver = true;
      flight.isLeft = areLeft;
      this.#settled.add(flight.task);
      if (areLeft) this.#left.add(id);
      flight.unfollow?.();
    }
    this.#flights.clear();
  }

  #land(flight: Flight): void {
    flight.isOver = true;
    this.#settled.add(flight.task);
    flight.unfollow?.();
    this.#flights.delete(flight.task.submission.id);
    if (flight.large) this.#parts.session()?.large.delete(flight.large);
    this.#parts.over(flight.ticket);
  }
}
