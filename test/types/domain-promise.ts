import {
  DomainPromise,
  type DomainPromiseConstructor,
  type DomainPromiseResolvers,
} from 'otel-promise-domain';
import { exactly } from './exactly.js';

declare const numbers: DomainPromise<number>;
declare const native: Promise<string>;
declare const thenable: PromiseLike<boolean>;

// then, catch and finally
exactly<DomainPromise<number>>()(numbers.then());
exactly<DomainPromise<string>>()(numbers.then((n) => n.toFixed()));
exactly<DomainPromise<string>>()(numbers.then((n) => Promise.resolve(String(n))));
exactly<DomainPromise<boolean>>()(numbers.then(() => thenable));
exactly<DomainPromise<number | string>>()(numbers.then(null, () => 'recovered'));
exactly<DomainPromise<string | boolean>>()(
  numbers.then(
    () => 'text',
    () => thenable,
  ),
);
exactly<DomainPromise<number>>()(numbers.catch());
exactly<DomainPromise<number | undefined>>()(numbers.catch(() => undefined));
exactly<DomainPromise<number | string>>()(numbers.catch((error: Error) => error.message));
exactly<DomainPromise<number | string>>()(numbers.catch((error: unknown) => String(error)));
exactly<DomainPromise<number | string>>()(
  numbers.then(undefined, (error: Error | undefined) => error?.message ?? ''),
);
exactly<DomainPromise<number>>()(numbers.finally(() => {}));
exactly<DomainPromise<number>>()(numbers.finally(null));
exactly<DomainPromise<number>>()(numbers.finally(async () => 'ignored'));
exactly<DomainPromise<string[]>>()(
  numbers
    .then(String)
    .catch((error: Error) => error.message)
    .finally(() => {})
    .then((text) => [text]),
);

// what makes one
exactly<DomainPromise<number>>()(new DomainPromise<number>((resolve) => resolve(1)));
exactly<DomainPromise<number>>()(
  new DomainPromise<number>((resolve, reject) => native.then(Number).then(resolve, reject)),
);
exactly<DomainPromise<unknown>>()(new DomainPromise(() => {}));
exactly<DomainPromise<void>>()(DomainPromise.resolve());
exactly<DomainPromise<number>>()(DomainPromise.resolve(1));
exactly<DomainPromise<string>>()(DomainPromise.resolve(native));
exactly<DomainPromise<boolean>>()(DomainPromise.resolve(thenable));
exactly<DomainPromise<never>>()(DomainPromise.reject(new Error('no')));
exactly<DomainPromise<number>>()(DomainPromise.reject<number>('reason'));
exactly<DomainPromise<number>>()(DomainPromise.from(1));
exactly<DomainPromise<number>>()(DomainPromise.from(numbers));
exactly<DomainPromise<string>>()(DomainPromise.from(native));
exactly<DomainPromise<boolean>>()(DomainPromise.from(thenable));
exactly<DomainPromise<number>>()(DomainPromise.from(Promise.resolve(numbers)));

const { promise, resolve, reject } = DomainPromise.withResolvers<number>();
exactly<DomainPromise<number>>()(promise);
exactly<(value: number | PromiseLike<number>) => void>()(resolve);
exactly<(reason?: unknown) => void>()(reject);
export const resolvers: DomainPromiseResolvers<string> = DomainPromise.withResolvers<string>();

// combinators
exactly<DomainPromise<[number, string, boolean, number]>>()(
  DomainPromise.all([numbers, native, thenable, 4]),
);
exactly<DomainPromise<(string | number)[]>>()(DomainPromise.all(new Set([1, 'two'])));
exactly<DomainPromise<number[]>>()(DomainPromise.all([1, 2].map((n) => DomainPromise.resolve(n))));
exactly<DomainPromise<[]>>()(DomainPromise.all([]));
exactly<DomainPromise<[PromiseSettledResult<number>, PromiseSettledResult<string>]>>()(
  DomainPromise.allSettled([numbers, native]),
);
exactly<DomainPromise<PromiseSettledResult<number>[]>>()(DomainPromise.allSettled(new Set([numbers])));
exactly<DomainPromise<number | string>>()(DomainPromise.race([numbers, native]));
exactly<DomainPromise<number>>()(DomainPromise.race(new Set([numbers])));
exactly<DomainPromise<number | string>>()(DomainPromise.any([numbers, native]));
exactly<DomainPromise<number>>()(DomainPromise.any(new Set([numbers])));

// It is a promise wherever one is asked for.
export const asPromise: Promise<number> = numbers;
export const asPromiseLike: PromiseLike<number> = numbers;
export const asConstructor: PromiseConstructor = DomainPromise;
export const asOwnConstructor: DomainPromiseConstructor = DomainPromise;
export const asWider: DomainPromise<number | string> = numbers;
exactly<number>()(null as unknown as Awaited<typeof numbers>);
export const asyncFunction = async (): Promise<number> => numbers;
exactly<Promise<[number, string]>>()(Promise.all([numbers, native]));

export class Task<T> extends DomainPromise<T> {
  readonly id: number;

  constructor(id: number, executor: ConstructorParameters<typeof DomainPromise<T>>[0]) {
    super(executor);
    this.id = id;
  }
}
const task = new Task<string>(1, (resolve) => resolve('done'));
exactly<number>()(task.id);
exactly<DomainPromise<number>>()(task.then((text) => text.length));

export function narrow(value: unknown): void {
  if (value instanceof DomainPromise) exactly<DomainPromise<unknown>>()(value);
}

// @ts-expect-error the value of another type
numbers.then((text: string) => text);
// @ts-expect-error not a function
numbers.then(42);
// @ts-expect-error not a function
numbers.catch('recovered');
// @ts-expect-error finally is given nothing
numbers.finally((value: number) => value);
// @ts-expect-error no executor
new DomainPromise();
// @ts-expect-error called without new
DomainPromise(() => {});
// @ts-expect-error another type of value
new DomainPromise<number>((resolve) => resolve('text'));
// @ts-expect-error cannot be iterated
DomainPromise.all(42);
// @ts-expect-error cannot be iterated
DomainPromise.race();
// @ts-expect-error a native promise is none
export const asNative: DomainPromise<string> = native;
// @ts-expect-error narrower than what it is
export const asNarrower: DomainPromise<1> = numbers;
// @ts-expect-error an argument too many
DomainPromise.withResolvers<number>(1);
