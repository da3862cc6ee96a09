import { diag } from '@opentelemetry/api';
import type { EndOfTask } from '../../../host/pending-task.js';
import type { KeyRecord, KeyStore } from '../key-store.js';
import type { HeldTask } from './held-task.js';
import type { Report } from './reports.js';

/** What is to be done with a task that has a key. */
export type Claim =
  | { readonly kind: 'run' }
  /** Another daemon is at it. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'known'; readonly report: Report };

/** The tasks that have keys: of each is written down that it has begun, and how it has ended. */
export class Keyed {
  readonly #store: KeyStore;
  /** Whether the stream has the message of a number. */
  readonly #isThere: (sequence: number) => Promise<boolean>;

  constructor(store: KeyStore, isThere: (sequence: number) => Promise<boolean>) {
    this.#store = store;
    this.#isThere = isThere;
  }

  /** Claims a task that is never to be evaluated twice. */
  async claim(held: HeldTask, key: string): Promise<Claim> {
    const { sequence = 0 } = held.delivery;
    if (await this.#store.claim(key, sequence)) {
      held.isClaimed = true;
      return { kind: 'run' };
    }
    const known = await this.#store.get(key);
    if (!known) return { kind: 'wait' };
    const { head } = known;
    const { id } = held.head;
    if (head.state !== 'claimed') return { kind: 'known', report: reportOf(known, id) };
    if (head.sequence !== sequence && (await this.#isThere(head.sequence))) return { kind: 'wait' };
    // It comes once more, or has gone without an end: who had it was lost, perhaps after it had begun.
    const message = `the daemon of the task with the key ${JSON.stringify(key)} was lost after it had begun`;
    await this.#store.put(key, { state: 'lost', message });
    return { kind: 'known', report: { head: { kind: 'lost', id, message }, body: '' } };
  }

  /** Writes down how the task has ended. */
  async keep(key: string, kind: EndOfTask['kind'], { head, body }: Report): Promise<void> {
    // Reason for the cast: what `Reports` makes.
    const { form, large, message } = head as {
      form?: 'json' | 'bytes';
      large?: { name: string; size: number };
      message?: string;
    };
    const record = form
      ? ({ state: 'done', kind, form, ...(large && { large }) } as const)
      : ({ state: 'lost', message: message ?? '' } as const);
    await this.#put(key, record, body);
  }

  /** Unless another daemon is at it: that one will say how it has ended. */
  async lost({ head, isClaimed, delivery }: HeldTask, message: string): Promise<void> {
    if (head.key === undefined) return;
    const known = isClaimed ? undefined : await this.#store.get(head.key).catch(() => undefined);
    if (known?.head.state === 'claimed' && known.head.sequence !== delivery.sequence) return;
    if (known === undefined || known.head.state === 'claimed')
      await this.#put(head.key, { state: 'lost', message });
  }

  /** One that has begun is not to be begun again, nor waited for. */
  cancelled(held: HeldTask): void {
    if (held.isClaimed) void this.lost(held, 'the task was cancelled after it had begun');
  }

  async #put(
    key: string,
    ...record: [Parameters<KeyStore['put']>[1], (Uint8Array | string)?]
  ): Promise<void> {
    try {
      await this.#store.put(key, ...record);
    } catch (error) {
      diag.warn(`mirai: the end of the task with the key ${JSON.stringify(key)} was not kept`, error);
    }
  }
}

function reportOf({ head, body }: KeyRecord, id: number): Report {
  if (head.state !== 'done') {
    const message = head.state === 'lost' ? head.message : 'it has not ended';
    return { head: { kind: 'lost', id, message }, body: '' };
  }
  const { kind, form, large } = head;
  const slot = { id: 0, pid: 0, threadId: 0 };
  return { head: { kind, id, slot, ran: 0, waited: 0, form, ...(large && { large }) }, body };
}
