import type { Readable } from 'node:stream';
import type { ResourceLimits } from '../options.js';
import type { DaemonMessage, DaemonStart, HostMessage } from '../protocol/messages.js';

/** How a daemon came to an end. */
export interface Departure {
  /** What a sentence about the daemon goes on with: `exited with code 3`. */
  readonly how: string;
  readonly cause?: unknown;
  /** Whether it had started the job, where that is known. */
  readonly wasRunning?: (job: number) => boolean;
}

/** What an engine tells of a daemon. */
interface LinkEvents {
  received(messages: readonly DaemonMessage[]): void;
  /** Comes once, after all that the daemon has sent. */
  gone(departure: Departure): void;
}

/** The connection with a daemon. It does not keep the process alive. */
export interface Link {
  /** What the daemon writes, to be read in any case; absent where it has the streams of the host. */
  readonly output?: { readonly stdout: Readable; readonly stderr: Readable };
  /**
   * Delivers messages in order. `recall` is answered by `recalled`; `interrupt` breaks off the job, by whatever the
   * engine has, if it still runs.
   *
   * @param moves what moves to the daemon with them
   */
  send(messages: readonly HostMessage[], moves: readonly object[]): void;
  /** Waits without sleep, for at most `ms`, for what the daemon says next, and takes it in. */
  stayAwake?(ms: number): void;
  /** Ends the daemon by force. `gone()` follows. */
  kill(): void;
}

/** Starts daemons, and moves messages; of tasks it knows nothing. */
export interface Engine {
  /** Scheme of its URLs. */
  readonly scheme: string;
  /** Value of `network.transport`. */
  readonly transport: string;
  /** Whether daemons share memory with the host. */
  readonly shares: boolean;
  launch(start: DaemonStart, limits: ResourceLimits | undefined, events: LinkEvents): Link;
}
