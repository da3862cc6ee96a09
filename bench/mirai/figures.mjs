// Figures of one question: for each variant of it and each contender, what the process of each round printed.
import { median, quantile } from '../stats.mjs';
import { titleOf } from './contenders/index.mjs';

export class Figures {
  #processes = new Map();

  add(variant, contender, printed) {
    const key = keyOf(variant, contender);
    if (!this.#processes.has(key)) this.#processes.set(key, []);
    this.#processes.get(key).push(printed);
  }

  /** @returns {number[]} `key` of each round */
  of(variant, contender, key) {
    return this.#processes.get(keyOf(variant, contender)).map((printed) => printed[key]);
  }

  /** All of it, in one line. */
  line(question, variant, contender) {
    const [first] = this.#processes.get(keyOf(variant, contender));
    const figures = Object.keys(first).map(
      (key) => `${key} ${withQuartiles(this.of(variant, contender, key))}`,
    );
    return `${question} ${variant} ${contender}: ${figures.join(', ')}`;
  }
}

function keyOf(variant, contender) {
  return `${variant} ${contender}`;
}

/** How many times `reference` `values` are, one a round. */
export function ratiosOf(values, reference) {
  return values.map((value, round) => value / reference[round]);
}

/** `12.3 (11.8–13.1)`: the median, and the quartiles. */
export function withQuartiles(values, format = digits) {
  return `${format(median(values))} (${format(quantile(values, 0.25))}–${format(quantile(values, 0.75))})`;
}

export function timesWithQuartiles(values) {
  return withQuartiles(values, (value) => value.toFixed(2));
}

/** Three digits at least. */
export function digits(value) {
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString('en-US');
  if (size >= 10) return value.toFixed(1);
  return size >= 0.01 || value === 0 ? value.toFixed(2) : value.toPrecision(1);
}

/** The contender whose median is the lowest, or the highest. */
export function bestOf(contenders, valuesOf, { highest = false } = {}) {
  const sign = highest ? -1 : 1;
  return contenders
    .map((contender) => ({ contender, at: sign * median(valuesOf(contender)) }))
    .reduce((best, other) => (other.at < best.at ? other : best)).contender;
}

/**
 * A row for each contender.
 *
 * @param {(contender: string) => string[]} cells
 */
export function rowsOf(contenders, cells) {
  return contenders.map((contender) => [titleOf(contender), ...cells(contender)]);
}

/** A row of the table of targets, from ratios of rounds: their median decides. */
export function targetOf(what, values, limit, { atLeast = false } = {}) {
  const met = atLeast ? median(values) >= limit : median(values) <= limit;
  return [
    what,
    `${atLeast ? 'at least' : 'at most'} ${limit} ×`,
    `${timesWithQuartiles(values)} ×`,
    met ? 'met' : '**missed**',
  ];
}
