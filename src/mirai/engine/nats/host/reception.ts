import { diag, type SpanContext } from '@opentelemetry/api';
import type { Backlog } from '../../../dispatcher/backlog.js';
import { DaemonLost, MiraiError } from '../../../errors.js';
import type { Outcomes } from '../../../host/outcomes.js';
import type { EndOfTask, PendingTask } from '../../../host/pending-task.js';
import type { SpanRecord } from '../../../protocol/span-record.js';
import type { ProfileTelemetry } from '../../../telemetry/profile-telemetry.js';
import type { Relay } from '../../../telemetry/relay.js';
import type { LargeValue } from '../large-values.js';
import type { DaemonHead, Presence } from '../wire/from-daemon.js';
import { readError } from '../wire/remote-error.js';
import { type Form, fromWire } from '../wire/value.js';
import type { Cancellations } from './cancellations.js';
import type { HostEpochs } from './everywhere.js';
import type { Flight } from './flight.js';
import type { KeptEnd } from './kept-results.js';
import { Latest } from './latest.js';
import type { Roster } from './roster.js';
import type { Session } from './session.js';
import type { TaskFlights } from './task-flights.js';

/** For how many ms nothing may be heard of a task that was sent straight to a daemon. */
const patience = 5000;

/** How many spans that came by themselves are remembered at least. */
const leastSpans = 10_000;

interface Parts {
  readonly flights: Pick<TaskFlights, 'get' | 'spanOf' | 'isLeft' | 'all'>;
  readonly roster: Roster;
  readonly relay: Relay;
  readonly outcomes: Outcomes;
  readonly backlog: Backlog<PendingTask>;
  readonly epochs: HostEpochs;
  readonly telemetry: ProfileTelemetry;
  readonly cancellations: Cancellations;
  readonly session: () => Pick<Session, 'large' | 'discard'>;
  /** The promise of a task has settled. */
  readonly ended: (flight: Flight) => void;
  /** No daemon has it. */
  readonly returned: (flight: Flight) => void;
}

type Ended = Extract<DaemonHead, { kind: 'result' | 'failure' }>;

/** Takes in what daemons say of tasks. */
export class Reception {
  readonly #parts: Parts;
  /** Those whose end has come, but for the value, which is being fetched. */
  readonly #ending = new WeakSet<Flight>();
  /** By their ids, the spans that have come by themselves. */
  readonly #spans = new Latest<string, true>(leastSpans);

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  said(head: DaemonHead, body: Uint8Array): void {
    const { roster, flights, epochs, relay, telemetry } = this.#parts;
    roster.isAlive(head.daemon);
    const flight = 'id' in head ? flights.get(head.id) : undefined;
    switch (head.kind) {
      case 'started':
        this.#started(flight, head);
        break;
      case 'progress':
        flight?.task.progress(head.fraction);
        break;
      case 'result':
      case 'failure':
        this.#ended(flight, head, body);
        break;
      case 'lost':
        if (flight && !this.#ending.has(flight))
          this.#reject(flight, head.refused ? new MiraiError(head.message) : new DaemonLost(head.message));
        break;
      case 'busy':
        if (flight) this.#parts.returned(flight);
        break;
      case 'spans':
        relay.accept(this.#new(head.spans as readonly SpanRecord[]), roster.origin(head.daemon, head.slot)); // cast: absent is as good as undefined
        break;
      case 'slotLost':
        telemetry.daemonLost(head.connect, this.#spansOf(head.tasks.flatMap((id) => flights.get(id) ?? [])));
        break;
      case 'behind':
        epochs.behind(head.daemon, head.epoch);
    }
  }

  /** The end of a task that was run before, perhaps for another host. */
  kept(flight: Flight, end: KeptEnd): void {
    if (end.kind === 'lost') this.#reject(flight, new DaemonLost(end.message));
    else this.#settle(flight, end.kind, end.form, end.body, { ran: 0, waited: 0 });
  }

  /** @param departure `undefined` where it has left in order */
  gone(
    { daemon, slots }: Presence,
    departure: { readonly how: string; readonly cause?: unknown } | undefined,
    comesAgain: boolean,
  ): void {
    const its = [...this.#parts.flights.all].filter((flight) => flight.daemon === daemon);
    if (departure) {
      for (const { connect, id } of slots) {
        this.#parts.telemetry.daemonLost(connect, this.#spansOf(its.filter(({ slot }) => slot === id)));
      }
    }
    const { how = 'has left', cause } = departure ?? {};
    for (const flight of its) {
      if (comesAgain && !flight.ticket.barrier) continue;
      const message = `the daemon of task ${flight.task.submission.id} ${how}`;
      this.#reject(flight, new DaemonLost(message, cause === undefined ? {} : { cause }));
    }
  }

  /**
   * Those that were sent straight to a daemon which has not even said that it has them.
   *
   * @param since when this side has heard whatever there was to hear, in ms
   */
  lookForUnheard(since: number): void {
    const old = performance.now() - patience;
    for (const flight of [...this.#parts.flights.all]) {
      if (!flight.isDirect || flight.ticket.place !== 'sent') continue;
      if (Math.max(flight.sent, since) > old) continue;
      this.#reject(flight, new DaemonLost(`the daemon of task ${flight.task.submission.id} is gone`));
    }
  }

  /** Those that have not come before: what a daemon takes for unheard, it sends once more, as another message. */
  #new(spans: readonly SpanRecord[]): readonly SpanRecord[] {
    return spans.filter(({ context: { spanId } }) => {
      if (this.#spans.get(spanId)) return false;
      this.#spans.set(spanId, true);
      return true;
    });
  }

  #started(
    flight: Flight | undefined,
    { daemon, id, slot, delivery }: Extract<DaemonHead, { kind: 'started' }>,
  ): void {
    const { cancellations, backlog, roster } = this.#parts;
    if (!flight) {
      // It was cancelled before, and this daemon has not heard of it.
      if (!this.#parts.flights.isLeft(id)) cancellations.tell(daemon, id);
      return;
    }
    const start = `${daemon} ${delivery}`;
    // Whoever has it for the second time was not told of the first one where that ended at once.
    if (flight.lastStart !== start) flight.starts = Math.max(flight.starts, delivery > 1 ? 1 : 0) + 1;
    flight.lastStart = start;
    flight.daemon = daemon;
    flight.slot = slot?.id;
    if (flight.ticket.place === 'sent') backlog.start(flight.ticket);
    if (slot) roster.changed(daemon, slot.id, 'executing');
  }

  #ended(flight: Flight | undefined, head: Ended, body: Uint8Array): void {
    const { roster, relay, session, flights } = this.#parts;
    const origin = roster.origin(head.daemon, head.slot);
    roster.changed(head.daemon, head.slot.id, 'idle');
    if (head.spans) relay.accept(head.spans as readonly SpanRecord[], origin); // cast: as above
    const { id, waited } = head;
    const span = flights.spanOf(id);
    if (head.eval && span) relay.acceptEval(head.eval, origin, { id, span, waited });
    if (!flight) {
      if (head.large && !flights.isLeft(id)) session().discard(head.large);
      return;
    }
    if (head.large) void this.#fetch(flight, head, head.large);
    else this.#settle(flight, head.kind, head.form, body, head);
  }

  async #fetch(flight: Flight, head: Ended, at: LargeValue): Promise<void> {
    const session = this.#parts.session();
    this.#ending.add(flight);
    try {
      const body = await session.large.get(at);
      this.#settle(flight, head.kind, head.form, body, head);
    } catch (error) {
      this.#reject(flight, error instanceof Error ? error : new MiraiError(String(error)));
    }
    if (flight.key === undefined) session.discard(at);
  }

  #settle(
    flight: Flight,
    kind: 'result' | 'failure',
    form: Form,
    body: Uint8Array,
    { ran, waited }: { readonly ran: number; readonly waited: number },
  ): void {
    if (flight.isOver) return;
    const common = { job: 0, ran, waited };
    let end: EndOfTask;
    try {
      end =
        kind === 'result'
          ? { kind, ...common, ...fromWire(form, body) }
          : { kind, ...common, error: readError(body) };
    } catch (cause) {
      diag.warn('mirai: the end of a task cannot be read', cause);
      this.#reject(flight, new MiraiError('what the daemon says of the task cannot be read', { cause }));
      return;
    }
    this.#parts.outcomes.settle(flight.task, end);
    this.#parts.ended(flight);
  }

  #reject(flight: Flight, error: Error): void {
    if (flight.isOver) return;
    this.#parts.outcomes.reject(flight.task, error);
    this.#parts.ended(flight);
  }

  #spansOf(flights: readonly Flight[]): SpanContext[] {
    return flights.flatMap(({ task }) => task.submission.span ?? []);
  }
}
