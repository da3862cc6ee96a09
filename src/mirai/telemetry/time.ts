import type { HrTime, TimeInput } from '@opentelemetry/api';

/** How far the monotonic clock may be from the wall clock, in ms, which is only good to 1 ms. */
const tolerance = 2;

let origin = performance.timeOrigin;

/** Milliseconds since the epoch, with fractions. It follows the wall clock where that is set. */
export function now(): number {
  const time = origin + performance.now();
  const behind = Date.now() - time;
  if (Math.abs(behind) < tolerance) return time;
  origin += behind;
  return time + behind;
}

/** As the SDK takes times: seconds and nanoseconds, a date, or milliseconds since the epoch or since the start of the thread. */
export function toHrTime(time: TimeInput = now()): HrTime {
  if (Array.isArray(time)) return time;
  const given = time instanceof Date ? time.getTime() : time;
  // Reason for the threshold: what is smaller than the start of this thread was read from `performance.now()`.
  const ms =
    given < performance.timeOrigin && !(time instanceof Date) ? performance.timeOrigin + given : given;
  const seconds = Math.trunc(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)];
}
