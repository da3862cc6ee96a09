import { check } from '../../errors.js';
import { isTimeline, type TimelineData } from '../timeline.js';

/** @throws TypeError that names `where` unless `timeline` is one */
export function checkTimeline(where: string, timeline: TimelineData): void {
  if (isTimeline(timeline)) return;
  const got =
    timeline instanceof Promise
      ? 'a promise, which is to be awaited'
      : timeline === null
        ? 'null'
        : typeof timeline;
  throw new TypeError(`${where}: timeline must be what recordTimeline() resolves with (got ${got})`);
}

/** @throws TypeError, or RangeError, that names `where` unless everything is what it must be */
export function checkQuestion(
  where: string,
  timeline: TimelineData,
  name: string,
  options: object & { at?: string | undefined },
  known: readonly string[],
): void {
  checkTimeline(where, timeline);
  check(`${where}: name`, 'string', name, 'the name of a span');
  check(`${where}: options`, 'object', options, 'an object');
  for (const key of Object.keys(options))
    if (!known.includes(key))
      throw new TypeError(`${where}: options.${key} is not known; there are ${known.join(', ')}`);
  const { at } = options;
  if (at === undefined || (typeof at === 'string' && /^t(0|[1-9]\d*)(\.(0|[1-9]\d*))?$/.test(at))) return;
  const shown = typeof at === 'string' ? JSON.stringify(at) : String(at);
  throw new RangeError(`${where}: options.at must be a step or a tick, as in 't1.0' or 't1' (got ${shown})`);
}
