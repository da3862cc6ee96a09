import type { Dispatcher } from '../dispatcher/dispatcher.js';
import type { Departure } from '../engine/engine.js';
import type { DaemonMessage } from '../protocol/messages.js';
import type { SpanRelay } from '../telemetry/relay.js';
import type { Connection } from './connection.js';
import type { Outcomes } from './outcomes.js';
import type { EndOfTask, PendingTask } from './pending-task.js';
import type { Retirement } from './retirement.js';
import { warnOfStray } from './stray-warning.js';

interface Parts {
  readonly dispatcher: Dispatcher<PendingTask>;
  readonly outcomes: Outcomes;
  readonly relay: SpanRelay;
  readonly retirement: Retirement;
}

/** Takes in what the daemons of a profile say. */
export class Reception {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  received(connection: Connection, messages: readonly DaemonMessage[]): void {
    const now = performance.now();
    for (const message of messages) {
      if (message.kind !== 'result' && message.kind !== 'failure') this.#accept(message, connection);
      switch (message.kind) {
        case 'result':
        case 'failure':
          this.#ended(connection, message, now);
          break;
        case 'progress':
          connection.ticket(message.job)?.job.progress(message.fraction);
          break;
        case 'recalled':
          this.#recalled(connection, message.asked, message.given, now);
          break;
        case 'stray':
          warnOfStray(message.task, message.error);
      }
    }
  }

  /** @returns the tasks that ran on a daemon when it was lost */
  lost(connection: Connection, departure: Departure | undefined): Set<PendingTask> {
    this.#parts.retirement.over(connection.id);
    const tickets = connection.tickets();
    // A daemon runs what it has in hand in order. Where nothing tells more, it was at the first one.
    const started = departure?.wasRunning ?? ((job: number) => departure && job === tickets[0]?.[0]);
    const running = new Set(tickets.filter(([job]) => started(job)).map(([, ticket]) => ticket));
    this.#parts.dispatcher.lost(connection.id, (ticket) => running.has(ticket), performance.now());
    return new Set([...running].map(({ job }) => job));
  }

  /** Its time without a task begins, if it has none. */
  rested({ id }: Connection): void {
    const { dispatcher, retirement } = this.#parts;
    if (dispatcher.hands().get(id)?.tickets.length === 0) retirement.idle(id);
  }

  #accept(message: DaemonMessage, origin: Connection, owner?: unknown): void {
    if ('spans' in message && message.spans) this.#parts.relay.accept(message.spans, origin, owner);
  }

  #ended(connection: Connection, end: EndOfTask, now: number): void {
    const ticket = connection.forget(end.job);
    if (!ticket?.job.end(end, connection)) this.#accept(end, connection, ticket?.job.submission.owner);
    if (!ticket) return;
    const { span, id } = ticket.job.submission;
    if (end.eval && span)
      this.#parts.relay.acceptEval(end.eval, connection, { id, span, waited: end.waited });
    this.#parts.outcomes.settle(ticket.job, end);
    this.#parts.dispatcher.finished(connection.id, ticket, end.ran, now);
    this.rested(connection);
  }

  #recalled(connection: Connection, asked: readonly number[], given: readonly number[], now: number): void {
    const tickets = asked.flatMap((job) => connection.ticket(job) ?? []);
    const back = new Set(given.flatMap((job) => connection.forget(job) ?? []));
    this.#parts.dispatcher.recalled(connection.id, tickets, back, now);
    this.rested(connection);
  }
}
