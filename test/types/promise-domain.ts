import * as core from 'otel-promise-domain';
import {
  composePromiseDomains,
  currentPromiseDomain,
  hasOtelPromiseDomain,
  localOtelPromiseDomain,
  localPromiseDomain,
  observePromiseDomains,
  type PromiseDomain,
  type PromiseDomainEvent,
  type PromiseDomainObserver,
  type PromiseDomainOptions,
  withOtelPromiseDomain,
  withoutPromiseDomain,
  withPromiseDomain,
} from 'otel-promise-domain';
import { exactly } from './exactly.js';

// Every hook is optional, and a plain object will do.
export const none: PromiseDomain = {};
export const named: PromiseDomain = { name: 'named' };
export const all: PromiseDomain = {
  name: 'all',
  wrapOnFulfilled: (callback) => (value) => callback(value),
  wrapOnRejected: (callback) => (reason) => {
    exactly<unknown>()(reason);
    return callback(reason);
  },
  wrapOnFinally: (callback) => () => callback(),
  wrapSync: (fn) => fn(),
  onError: (error) => exactly<unknown>()(error),
  captureForAwait: () => () => () => {},
};
export const capturingNothing: PromiseDomain = { captureForAwait: () => undefined };

// So will a class, with hooks as methods.
export class Counting implements PromiseDomain {
  readonly name = 'counting';
  calls = 0;

  wrapOnFulfilled<T, R>(callback: (value: T) => R): (value: T) => R {
    return (value) => {
      this.calls += 1;
      return callback(value);
    };
  }

  wrapSync<R>(fn: () => R): R {
    return fn();
  }
}

// What fn returns comes back.
const counting = new Counting();
exactly<number>()(withPromiseDomain(counting, () => 42));
exactly<Promise<string>>()(withPromiseDomain(none, async () => 'text'));
exactly<void>()(withPromiseDomain(none, () => {}, { replace: true }));
exactly<void>()(withPromiseDomain(none, () => {}, { replace: undefined }));
exactly<number>()(withPromiseDomain({ onError: (error) => void error }, () => 42));
exactly<number>()(withoutPromiseDomain(() => 42));
exactly<Promise<number>>()(withOtelPromiseDomain(() => Promise.resolve(42)));
exactly<() => never>()(() =>
  withPromiseDomain(none, () => {
    throw new Error('no');
  }),
);
exactly<PromiseDomain | undefined>()(currentPromiseDomain());
exactly<PromiseDomain>()(composePromiseDomains(undefined, none));
exactly<PromiseDomain>()(composePromiseDomains(currentPromiseDomain(), counting));
exactly<boolean>()(hasOtelPromiseDomain());
exactly<boolean>()(hasOtelPromiseDomain(counting));
exactly<boolean>()(hasOtelPromiseDomain(currentPromiseDomain()));
export const replacing: PromiseDomainOptions = { replace: true };

// Local domains are disposables.
export function local(): void {
  using _ = localOtelPromiseDomain();
  using counted = localPromiseDomain(counting, replacing);
  exactly<Disposable>()(counted);
}
export async function localInAsync(): Promise<void> {
  using _ = localOtelPromiseDomain();
  await withOtelPromiseDomain(() => Promise.resolve());
}

// Observers tell the events apart by their kind.
const observer: PromiseDomainObserver = (event) => {
  exactly<PromiseDomainEvent>()(event);
  switch (event.kind) {
    case 'domain enter':
    case 'domain leave':
      exactly<PromiseDomain | undefined>()(event.domain);
      break;
    case 'then call':
      exactly<Promise<unknown>>()(event.promise);
      break;
    case 'then':
      exactly<Promise<unknown>>()(event.promise);
      exactly<Promise<unknown>>()(event.derived);
      exactly<PromiseDomain | undefined>()(event.domain);
      exactly<unknown>()(event.onFulfilled);
      break;
    case 'follow':
      exactly<Promise<unknown>>()(event.promise);
      exactly<Promise<unknown>>()(event.derived);
      break;
    case 'callback enter':
      exactly<unknown>()(event.callback);
      break;
    case 'callback leave':
      exactly<Promise<unknown>>()(event.derived);
      exactly<{ readonly reason: unknown } | undefined>()(event.thrown);
      break;
    case 'await':
    case 'await enter':
    case 'await leave':
      exactly<Promise<unknown>>()(event.promise);
      exactly<object>()(event.captured);
      break;
    default:
      exactly<never>()(event);
  }
};
exactly<() => void>()(observePromiseDomains(observer));

// @ts-expect-error no such export: the entry resolves to declarations, not to `any`
export const missing: unknown = core.noSuchExport;
// @ts-expect-error no domain
withPromiseDomain(() => {});
// @ts-expect-error no domain
withPromiseDomain(undefined, () => {});
// @ts-expect-error a string is no domain
withPromiseDomain('domain', () => {});
// @ts-expect-error a function is no domain
withPromiseDomain(String, () => {});
// @ts-expect-error nothing of a domain
withPromiseDomain({ wrap: () => {} }, () => {});
// @ts-expect-error a hook that is no function
withPromiseDomain({ wrapOnFulfilled: 42 }, () => {});
// @ts-expect-error a hook that returns no function
withPromiseDomain({ wrapOnFulfilled: () => 42 }, () => {});
// @ts-expect-error a hook that returns no function
withPromiseDomain({ captureForAwait: () => 42 }, () => {});
// @ts-expect-error a hook that returns something else than the body
withPromiseDomain({ wrapSync: () => 42 }, () => 'text');
// @ts-expect-error a callback of finally is given nothing
withPromiseDomain({ wrapOnFinally: (callback) => () => callback(42) }, () => {});
// @ts-expect-error a name that is no string
withPromiseDomain({ name: 42 }, () => {});
// @ts-expect-error no function
withPromiseDomain(none);
// @ts-expect-error fn is given nothing
withPromiseDomain(none, (value: number) => value);
// @ts-expect-error not a boolean
withPromiseDomain(none, () => {}, { replace: 'yes' });
// @ts-expect-error an option that does not exist
withPromiseDomain(none, () => {}, { replaced: true });
// @ts-expect-error no domain
localPromiseDomain();
// @ts-expect-error takes nothing
localOtelPromiseDomain(none);
// @ts-expect-error no function
withOtelPromiseDomain();
// @ts-expect-error no function
withoutPromiseDomain(none);
// @ts-expect-error nothing to add
composePromiseDomains(none);
// @ts-expect-error the base is left out by undefined
composePromiseDomains(null, none);
// @ts-expect-error a boolean is no domain
hasOtelPromiseDomain(true);
// @ts-expect-error no function
observePromiseDomains({});
// @ts-expect-error an observer is given an event
observePromiseDomains((event: string) => event);
