import { DomainPromise } from '../../../domain/domain-promise.js';
import { check } from '../../../errors.js';
import { MiraiTimeout } from '../../errors.js';
import { requiredProfile } from '../../profiles.js';
import { checkNumber } from './check-options.js';
import { type KeptEnd, readKept } from './host/kept-results.js';
import { RemoteProfile } from './host/remote-profile.js';

/** How to wait for a result that is kept. */
export interface CollectOptions {
  /** Name of the compute profile, which has to be set. Default: as for `mirai()`. */
  compute?: string;
  /** Milliseconds until it has to be there. Default: no limit. */
  timeout?: number;
}

/**
 * The result of a task that was submitted with `Mirai.key`, by whatever host: of one that has ended, or will.
 *
 * @returns rejects as the promise of the task would, with `MiraiTimeout`, and with `MiraiInterrupt` where the profile is reset
 * @throws TypeError, RangeError if an argument is not what it must be, or the profile keeps no results; NoDaemons if the
 *   profile is not set
 */
export function collectMirai<T = unknown>(key: string, options: CollectOptions = {}): DomainPromise<T> {
  check('collectMirai: key', 'string', key);
  if (key === '') throw new TypeError('collectMirai: key must be that of a task (got an empty string)');
  check('collectMirai: options', 'object', options, 'an object');
  const { timeout } = options;
  checkNumber('collectMirai', 'timeout', timeout, 0, 2 ** 31 - 1);
  const profile = requiredProfile('collectMirai', options.compute);
  if (!(profile instanceof RemoteProfile) || profile.keeps === 'nothing') {
    throw new TypeError(
      'collectMirai: options.compute must be a profile of nats() with at-least-once delivery',
    );
  }
  return new DomainPromise<T>((resolve, reject) => {
    const fail = (error: unknown) => {
      clearTimeout(timer);
      reject(error);
    };
    const take = (end: KeptEnd) => {
      clearTimeout(timer);
      try {
        resolve(readKept(end) as T); // cast: the caller says what the task returns
      } catch (error) {
        reject(error);
      }
    };
    const stop = profile.collect(key, { take, fail });
    const tooLate = () => {
      stop();
      reject(new MiraiTimeout(`there was no result of ${JSON.stringify(key)} within ${timeout} ms`));
    };
    const timer = timeout === undefined ? undefined : setTimeout(tooLate, timeout);
  });
}
