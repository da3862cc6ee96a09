// What keeps the context across native await in a browser, where there is no AsyncLocalStorage.
export { DomainContextManager as AsyncLocalStorageContextManager } from 'otel-promise-domain';
