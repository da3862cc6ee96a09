import type { Carrier } from '../../../protocol/messages.js';

/** A message with a task, as it came to a daemon. */
export interface Delivery {
  readonly bytes: Uint8Array;
  /** Context of the `mirai` span. */
  readonly trace: Carrier | undefined;
  /** 1 for the first time that it is delivered. */
  readonly count: number;
  /** Number in the stream; `undefined` where it came directly. */
  readonly sequence: number | undefined;
  /** The task is at work: it is not to be delivered to others yet. */
  working(): void;
  /** The task is over. */
  ack(): void;
  /** Others may have it, at once or in `ms`. */
  giveBack(host: string, id: number, ms?: number): void;
  /** It is never to be delivered again. */
  drop(): void;
}

/** Where tasks come from. */
export interface Source {
  /** Asks for more, as far as there is room. */
  fill(): void;
  /** To be called once in a while. */
  look(): void;
  /** The connection is back. */
  reconnected(): void;
  /** So is the stream. @param isSame whether it is the one that was there before; @param wasGone whether that took a while */
  back(isSame: boolean, wasGone: boolean): void;
  /** Nothing more is to come. Resolves when that is so. */
  stop(): Promise<void> | void;
}
