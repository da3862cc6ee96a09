import { trace } from '@opentelemetry/api';
import type { LiveSpans } from './page/live-spans.js';

/**
 * For the test of this example: clicks the buttons, and tells the server when all spans have been exported, and how
 * often a span was active where none may be: in jobs that belong to no click.
 */
export async function drive(
  buttons: readonly HTMLElement[],
  live: LiveSpans,
  exportSpans: () => Promise<void>,
): Promise<void> {
  let strays = 0;
  live.backend.addEventListener('message', () => {
    if (trace.getActiveSpan()) strays++;
  });
  for (const button of buttons) button.click();
  await live.idle();
  await exportSpans();
  navigator.sendBeacon('/driven', String(strays));
}
