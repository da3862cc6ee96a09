import { isLeftOpen } from '../timeline.js';
import { type Call, callName } from './calls.js';
import type { Reading } from './reading.js';

/** Something that a reader should look at first. */
export interface Finding {
  readonly text: string;
  readonly call?: number;
  /** The `id` of a span. */
  readonly span?: string;
}

/** Whether the first run of a callback has not the span that was active when `then()` was called. */
export function hasLost({ expected, runs }: Call): boolean {
  return expected !== undefined && runs[0] !== undefined && runs[0].span !== expected;
}

/** A call in words: `#3 save`, `the await #4`. */
function naming({ kind, label, method, number }: Call): string {
  const name = callName(number);
  if (kind === 'await') return ['what follows await', name, label ?? ''].filter(Boolean).join(' ');
  return [name, label ?? `callback of ${method}()`].filter(Boolean).join(' ');
}

function lost(call: Call): Finding {
  const instead = call.runs[0]?.span === undefined ? 'no active span' : `${call.runs[0].span} active`;
  const why = call.captured
    ? `though ${call.expected} was captured`
    : `${call.expected} was active when ${call.method}() captured nothing${call.note === undefined ? '' : ` (${call.note})`}`;
  return {
    text: `${naming(call)} ran with ${instead}${call.captured ? ',' : ':'} ${why}`,
    ...(call.number > 0 && { call: call.number }),
  };
}

/** What went wrong with spans: those that callbacks have lost, that are open, or that ended more than once. */
export function findings({ calls, spans }: Reading): readonly Finding[] {
  const found: Finding[] = calls.filter(hasLost).map(lost);
  for (const { span } of spans) {
    if (isLeftOpen(span)) {
      found.push({ text: `${span.label} was started and never ended`, span: span.id });
    }
    if (span.ends.length > 1) {
      found.push({
        text: `${span.label} was ended ${span.ends.length} times: ${span.ends.join(', ')}`,
        span: span.id,
      });
    }
  }
  return found;
}
