import { diag } from '@opentelemetry/api';
import type { EndOfTask } from '../../../host/pending-task.js';
import { isOpen, type KeyRecord, KeyStore, type RecordHead } from '../key-store.js';
import { untilAnswered } from '../until-answered.js';
import { Claimants } from './claimants.js';
import type { HeldTask } from './held-task.js';
import type { Report } from './reports.js';
import type { Setting } from './setting.js';

/** What is to be done with a task that has a key. */
export type Claim =
  | { readonly kind: 'run'; readonly record: KeyRecord }
  /** Another daemon is at it. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'known'; readonly report: Report };

/** The tasks that have keys: of each is written down that it has begun, and how it has ended. */
export class Keyed {
  readonly #store: KeyStore;
  readonly #claimants: Claimants;
  /** Whether the stream has the message of a number. */
  readonly #isThere: (sequence: number) => Promise<boolean>;

  constructor({ connection, names, id }: Setting, isThere: (sequence: number) => Promise<boolean>) {
    this.#store = new KeyStore(connection, names);
    this.#claimants = new Claimants(connection, names, id);
    this.#isThere = isThere;
  }

  /** Claims a task that is never to be evaluated twice, when all it needs for that is a slot. */
  async claim(held: HeldTask, key: string): Promise<Claim> {
    const by = this.#claimants.open();
    const asked = untilAnswered(
      () => this.#claimOnce(held, key, by),
      () => held.isWanted,
    );
    held.claim = { by, asked: asked.then((claim) => (claim.kind === 'run' ? claim.record : undefined)) };
    held.claim.asked.catch(() => undefined); // told below
    const claim = await asked;
    if (claim.kind !== 'run') {
      held.claim = undefined;
      this.#claimants.close(by);
    }
    return claim;
  }

  /** It has not begun: others may claim it. Resolves when they can, or when it takes longer than it may. */
  async release({ head, claim }: HeldTask, mayLast: () => boolean = always): Promise<void> {
    if (!claim) return;
    try {
      const known = await claim.asked.catch(() => undefined);
      await untilAnswered(() => this.#store.release(String(head.key), claim.by, known), mayLast);
    } catch (error) {
      diag.warn(`mirai: the key ${JSON.stringify(head.key)} was not released`, error);
    } finally {
      this.#claimants.close(claim.by);
    }
  }

  /** Writes down that a task which may be evaluated twice is begun once more. Its host knows, too, while it is there. */
  async begin(held: HeldTask): Promise<void> {
    const { key, once } = held.head;
    if (key === undefined || once) return;
    await untilAnswered(
      () => this.#store.countBegin(key),
      () => held.isWanted,
    ).catch((error: unknown) => diag.warn(`mirai: the start of the task ${key} is not written down`, error));
  }

  /** How often it was begun once more, as far as that is written down. */
  async begunAgain({ head: { key } }: HeldTask): Promise<number> {
    const known = key === undefined ? undefined : await this.#store.get(key);
    return known?.head.state === 'begun' ? known.head.again : 0;
  }

  /** Writes down how the task has ended. */
  async keep(held: HeldTask, kind: EndOfTask['kind'], { head, body }: Report): Promise<void> {
    // Reason for the cast: what `Reports` makes.
    const { form, large, message } = head as {
      form?: 'json' | 'bytes';
      large?: { name: string; size: number };
      message?: string;
    };
    const record = form
      ? ({ state: 'done', kind, form, ...(large && { large }) } as const)
      : ({ state: 'lost', message: message ?? '' } as const);
    await this.#put(held, record, body);
  }

  /** Unless another daemon is at it: that one will say how it has ended. */
  async lost(held: HeldTask, message: string): Promise<void> {
    const { head, claim, delivery } = held;
    const { key } = head;
    if (key === undefined) return;
    const get = () => untilAnswered(() => this.#store.get(key), always);
    const known = claim ? undefined : await get().catch(() => undefined);
    if (known?.head.state === 'claimed' && known.head.sequence !== delivery.sequence) return;
    if (known === undefined || isOpen(known.head)) await this.#put(held, { state: 'lost', message });
  }

  /** One that may have begun is not to be begun again, nor waited for. */
  cancelled(held: HeldTask): void {
    if (!held.claim || held.isReturning) return;
    if (held.isUnbegun) void this.release(held);
    else void this.lost(held, 'the task was cancelled after it had begun');
  }

  async #claimOnce({ head: { id }, delivery }: HeldTask, key: string, by: string): Promise<Claim> {
    const { sequence = 0 } = delivery;
    for (;;) {
      const known = await this.#store.claim(key, sequence, by);
      const { head } = known;
      if (head.state !== 'claimed') return { kind: 'known', report: reportOf(known, id) };
      if (head.by === by) return { kind: 'run', record: known };
      if (head.sequence !== sequence && (await this.#isThere(head.sequence))) return { kind: 'wait' };
      if (await this.#claimants.isHeld(head.by)) return { kind: 'wait' };
      // It comes once more, or has gone without an end: who had it was lost, perhaps after it had begun.
      const message = `the daemon of the task with the key ${JSON.stringify(key)} was lost after it had begun`;
      const isLost = await this.#store.replace(key, known, { state: 'lost', message });
      if (isLost) return { kind: 'known', report: { head: { kind: 'lost', id, message }, body: '' } };
    }
  }

  /** What others have written of a task that was claimed stays: they took its daemon for lost. */
  async #put({ head: { key = '' }, claim }: HeldTask, ...record: [RecordHead, (Uint8Array | string)?]) {
    try {
      const known = await claim?.asked;
      if (known) await untilAnswered(() => this.#store.replace(key, known, ...record), always);
      else await untilAnswered(() => this.#store.put(key, ...record), always);
    } catch (error) {
      diag.warn(`mirai: the end of the task with the key ${JSON.stringify(key)} was not kept`, error);
    } finally {
      if (claim) this.#claimants.close(claim.by);
    }
  }
}

const always = () => true;

function reportOf({ head, body }: KeyRecord, id: number): Report {
  if (head.state !== 'done') {
    const message = head.state === 'lost' ? head.message : 'it has not ended';
    return { head: { kind: 'lost', id, message }, body: '' };
  }
  const { kind, form, large } = head;
  const slot = { id: 0, pid: 0, threadId: 0 };
  return { head: { kind, id, slot, ran: 0, waited: 0, form, ...(large && { large }) }, body };
}
