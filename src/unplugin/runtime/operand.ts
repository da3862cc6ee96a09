import { DomainPromise } from '../../domain/domain-promise.js';
import { state } from '../../domain/global-state.js';
import { handoffKey, isHandoffDomain } from '../../domain/handoff-domain.js';

/** Whether an await has something to keep now that the runtime does not keep itself. Calls no hook of a domain. */
export function hasToKeep(): boolean {
  if (state.context.value !== undefined) return true;
  const domain = state.domain.value;
  if (domain !== undefined && !(isHandoffDomain(domain) && domain[handoffKey].keptByRuntime())) return true;
  return state.captureContext?.() !== undefined;
}

/** What to await in place of `value`: itself where there is nothing to keep, else a domain promise for it. */
export function awaited<T>(value: T): T | DomainPromise<Awaited<T>> {
  return hasToKeep() ? DomainPromise.from(value) : value;
}
