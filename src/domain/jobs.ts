/** The `then` of the realm as it was when this module was loaded: what patches it later stays out of our own steps. */
export const nativeThen = Promise.prototype.then;

const settled = Promise.resolve();

/** Queues `job` as a microtask. What it throws surfaces as an unhandled rejection. */
export function queueJob(job: () => void): void {
  void nativeThen.call(settled, job);
}
