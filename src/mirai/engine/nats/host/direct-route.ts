import type { NatsConnection } from '@nats-io/transport-node';
import { MiraiError } from '../../../errors.js';
import type { Names } from '../names.js';
import { toHeaders } from '../trace-headers.js';
import { CongestionWindow } from './congestion-window.js';
import type { Flight } from './flight.js';
import type { Route, RouteEvents } from './route.js';
import type { TaskMessage } from './task-messages.js';

/** After how many ms a task is sent again that no daemon took. */
const again = 20;

/** Sends tasks straight to daemons. One that is busy hands a task back. */
export class DirectRoute implements Route {
  readonly #connection: NatsConnection;
  readonly #subject: string;
  readonly #replyTo: (id: number) => string;
  readonly #slots: () => number;
  readonly #events: RouteEvents;
  readonly #flights = new Set<Flight>();
  readonly #window = new CongestionWindow();
  #pause: NodeJS.Timeout | undefined;

  constructor(
    connection: NatsConnection,
    names: Names,
    host: string,
    { replyTo, slots }: { replyTo: (id: number) => string; slots: () => number },
    events: RouteEvents,
  ) {
    this.#connection = connection;
    this.#subject = names.directOf(host);
    this.#replyTo = replyTo;
    this.#slots = slots;
    this.#events = events;
  }

  get isOpen(): boolean {
    // A daemon that is free is never kept waiting, however often others have handed back.
    return this.#pause === undefined && this.#flights.size < Math.max(this.#window.size, this.#slots());
  }

  send(flight: Flight, { bytes, trace }: TaskMessage): void {
    this.#flights.add(flight);
    flight.isDirect = true;
    flight.sent = performance.now();
    const reply = this.#replyTo(flight.task.submission.id);
    try {
      this.#connection.publish(this.#subject, bytes, {
        reply,
        ...(trace !== undefined && { headers: toHeaders(trace) }),
      });
    } catch (cause) {
      this.#flights.delete(flight);
      this.#events.refused(flight, new MiraiError(`the task cannot be sent: ${String(cause)}`, { cause }));
    }
  }

  /** It is with the host again. */
  returned(flight: Flight): void {
    this.#flights.delete(flight);
    this.#window.returned(flight.sent, performance.now());
    this.#pause ??= setTimeout(() => {
      this.#pause = undefined;
      this.#events.opened();
    }, again).unref();
  }

  ended(flight: Flight): void {
    if (this.#flights.delete(flight)) this.#window.ended();
    // A slot is free: there is no reason to wait.
    clearTimeout(this.#pause);
    this.#pause = undefined;
    this.#events.opened();
  }

  cancelled(flight: Flight): void {
    this.#flights.delete(flight);
  }

  interrupted(): void {}

  reconnected(): void {
    this.#events.opened();
  }

  clear(): Promise<void> {
    this.#flights.clear();
    return Promise.resolve();
  }

  stop(): void {
    clearTimeout(this.#pause);
  }
}
