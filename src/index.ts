export {
  currentPromiseDomain,
  type PromiseDomainOptions,
  withoutPromiseDomain,
  withPromiseDomain,
} from './domain/current-domain.js';
export {
  DomainPromise,
  type DomainPromiseConstructor,
  type DomainPromiseResolvers,
} from './domain/domain-promise.js';
export { localPromiseDomain } from './domain/local-domain.js';
export {
  observePromiseDomains,
  type PromiseDomainEvent,
  type PromiseDomainObserver,
} from './domain/observer.js';
export { composePromiseDomains, type PromiseDomain } from './domain/promise-domain.js';
export type { AttachedContext } from './otel/context-manager.js';
export { DomainContextManager, type DomainContextManagerOptions } from './otel/domain-context-manager.js';
export {
  hasOtelPromiseDomain,
  localOtelPromiseDomain,
  withOtelPromiseDomain,
} from './otel/otel-promise-domain.js';
export { type OtelSpanOptions, type SpanResult, withOtelSpan } from './otel/with-otel-span.js';
