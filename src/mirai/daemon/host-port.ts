import type { Ledger } from '../protocol/ledger.js';
import type { DaemonMessage, HostMessage } from '../protocol/messages.js';

/** What a daemon and the thread that feeds it are connected by. */
export interface HostPort {
  readonly ledger: Ledger;
  /** Whether the daemon may block its thread for a moment until the next task comes. */
  readonly blocks: boolean;
  /** @throws DataCloneError if the message holds what cannot be copied */
  post(message: DaemonMessage): void;
  /** What has come since, without waiting. */
  receive(): readonly HostMessage[] | undefined;
  /** Calls `listener` when something comes while nobody waits. */
  listen(listener: (messages: readonly HostMessage[]) => void): void;
  /** The task that has just ended was to be broken off: waits until that can hit nothing else. */
  afterInterrupt(): Promise<void>;
}
