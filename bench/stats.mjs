// What the tables are made of. A figure is the median of the medians of processes; a ratio is taken within each
// repetition, whose processes ran one after another, so that a machine that slows down for a while shifts both sides.

export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)];
  return below + (sorted[Math.ceil(at)] - below) * (at % 1);
}

export function median(values) {
  return quantile(values, 0.5);
}

/**
 * @typedef {object} Figure of one case on one runtime
 * @property {number[]} medians one a repetition: the median of a process, in ns an operation
 * @property {number[]} samples of all repetitions
 */

/** `123 (118–131)`: the median, and the 10th to 90th percentile of all samples. */
export function withSpread({ medians, samples }) {
  return `${ns(median(medians))} (${ns(quantile(samples, 0.1))}–${ns(quantile(samples, 0.9))})`;
}

/** How many times `reference` `figure` takes, one a repetition. */
export function ratios(figure, reference) {
  return figure.medians.map((value, repetition) => value / reference.medians[repetition]);
}

/** `1.32 (1.29–1.40)`: the median, and the smallest to greatest of the repetitions. */
export function ratioWithSpread(values) {
  return `${ratio(median(values))} (${ratio(Math.min(...values))}–${ratio(Math.max(...values))})`;
}

/**
 * A row of the table of targets.
 *
 * @param {number | undefined} limit an upper bound, or a lower one where `atLeast`; `undefined` for information only
 */
export function target(what, values, limit, { atLeast = false } = {}) {
  const measured = `${ratioWithSpread(values)} ×`;
  if (limit === undefined) return [what, '', measured, ''];
  const met = atLeast ? median(values) >= limit : median(values) <= limit;
  return [what, `${atLeast ? 'at least' : 'at most'} ${limit} ×`, measured, verdict(met)];
}

export function verdict(met) {
  return met ? 'met' : '**missed**';
}

export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Three digits at least, so that small figures can be compared too. */
export function ns(value) {
  if (value >= 1000) return Math.round(value).toLocaleString('en-US');
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function ratio(value) {
  if (value >= 100) return ns(value);
  return value < 0.1 ? value.toPrecision(2) : value.toFixed(2);
}
