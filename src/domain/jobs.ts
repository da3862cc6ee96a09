/** The promises of the realm as they were when this module was loaded: what replaces them later stays out of our steps. */
export const NativePromise = Promise;
export const nativeThen = Promise.prototype.then;

const settled = Promise.resolve();

/** Queues `job` as a microtask. What it throws surfaces as an unhandled rejection. */
export function queueJob(job: () => void): void {
  void nativeThen.call(settled, job);
}
