import { onTestFinished } from 'vitest';
import { observePromiseDomains, type PromiseDomainEvent } from '../../src/index.js';

/** Observes until the running test is over. */
export function observe(observer: (event: PromiseDomainEvent) => void): () => void {
  const stop = observePromiseDomains(observer);
  onTestFinished(stop);
  return stop;
}
