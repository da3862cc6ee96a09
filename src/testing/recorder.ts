import { observePromiseDomains } from '../domain/observer.js';
import { close, open } from './ownership.js';
import { recordDomains } from './record-domains.js';
import { recordSpans } from './record-spans.js';
import type { Recording } from './recording.js';
import { watch } from './watch.js';

let recordings = 0;
let stopAll = () => {};

/** Adds to `recording` whatever its program does, until the returned function is called. */
export function record(recording: Recording): () => void {
  open(recording);
  recordings += 1;
  if (recordings === 1) {
    const stopObserving = observePromiseDomains(recordDomains());
    const stopWatching = watch(recordSpans());
    stopAll = () => {
      stopObserving();
      stopWatching();
    };
  }
  return () => {
    recording.isOver = true;
    close(recording);
    recordings -= 1;
    if (recordings === 0) stopAll();
  };
}
