import type { Submission } from '../../../host/pending-task.js';
import type { LargeValue, LargeValues } from '../large-values.js';
import type { EverywhereHead } from '../wire/task.js';
import { sizeOf, toWire, type WireValue } from '../wire/value.js';
import { checkHead, checkSource } from './check-head.js';

/** For how many ms stored arguments are good for daemons that join; the server keeps them for longer. */
const goodFor = 3_600_000;

/** What a message needs for each part, in bytes, and for how many parts there is to be room. */
const perPart = 256;
const roomFor = 64;

/** What the parts of an `everywhere()` have in common, as their messages say it. */
export type Shared = Pick<EverywhereHead, 'form' | 'source' | 'submitted' | 'large'> &
  Pick<WireValue, 'body'>;

/** The task and the arguments of an `everywhere()`, which go to daemons that join much later too. */
export class EverywhereContent {
  readonly #what: Pick<Submission<unknown>, 'key' | 'packed'>;
  /** In ms since the epoch. */
  readonly #submitted: number;
  #stored: { readonly large: LargeValue; readonly at: number } | undefined;

  constructor(what: Pick<Submission<unknown>, 'key' | 'packed'>, submitted: number) {
    this.#what = what;
    this.#submitted = submitted;
  }

  /**
   * @param name under which the arguments are stored where they are large
   * @returns a promise where they have to be stored first. @throws MiraiError if they or its names are too large
   */
  get(large: LargeValues, name: string): Shared | Promise<Shared> {
    const { key, packed } = this.#what;
    const { source } = key;
    const value = toWire(packed.payload);
    const shared = { form: value.form, source, submitted: this.#submitted };
    const size = sizeOf(value);
    const rest = perPart * roomFor + (source.kind === 'source' ? 2 * source.source.length : 0);
    checkSource(source);
    checkHead(JSON.stringify(source).length + perPart * roomFor);
    if (!large.isLarge(size, rest)) return { ...shared, body: value.body };
    large.check('the arguments of the task', size);
    if (this.#stored && performance.now() - this.#stored.at < goodFor)
      return { ...shared, large: this.#stored.large, body: '' };
    return large.put(name, value.body).then((stored) => {
      this.#stored = { large: stored, at: performance.now() };
      return { ...shared, large: stored, body: '' };
    });
  }
}
