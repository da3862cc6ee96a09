import type { PromiseDomain } from '../../src/index.js';

/** A domain that has every hook of callbacks and bodies, each of which writes what it does into `log`. */
export function recordingDomain(name: string, log: string[]) {
  const recording =
    (hook: string) =>
    <F extends (...values: never[]) => unknown>(callback: F): F => {
      log.push(`${name}.${hook}`);
      const wrapped = (...values: never[]) => {
        log.push(`${name} in`);
        try {
          return callback(...values);
        } finally {
          log.push(`${name} out`);
        }
      };
      return wrapped as F; // cast: it takes and gives the same
    };
  return {
    name,
    wrapOnFulfilled: recording('wrapOnFulfilled'),
    wrapOnRejected: recording('wrapOnRejected'),
    wrapOnFinally: recording('wrapOnFinally'),
    wrapSync: <R>(fn: () => R) => recording('wrapSync')(fn)(),
    onError: (error: unknown) => void log.push(`${name}.onError ${error}`),
  } satisfies PromiseDomain;
}
