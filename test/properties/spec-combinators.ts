import { type Kind, promiseResolve, SpecPromise } from './spec-promise.js';

type Combine = (kind: Kind, values: unknown[]) => SpecPromise;

/** `then()` of each value, in order, as the combinators of ECMA-262 call it. */
function thenEach(
  kind: Kind,
  values: unknown[],
  react: (index: number) => [(value: unknown) => void, (reason: unknown) => void],
): void {
  values.forEach((value, index) => {
    promiseResolve(kind, value).then(...react(index));
  });
}

/** A list that is handed to `done` when every place in it is taken, at once if there is none. */
function collect(length: number, done: (list: unknown[]) => void) {
  const list: unknown[] = Array(length);
  let missing = length;
  if (missing === 0) done(list);
  return (index: number, value: unknown): void => {
    list[index] = value;
    missing -= 1;
    if (missing === 0) done(list);
  };
}

export const all: Combine = (kind, values) =>
  new SpecPromise(kind, (resolve, reject) => {
    const put = collect(values.length, resolve);
    thenEach(kind, values, (index) => [(value) => put(index, value), reject]);
  });

export const allSettled: Combine = (kind, values) =>
  new SpecPromise(kind, (resolve) => {
    const put = collect(values.length, resolve);
    thenEach(kind, values, (index) => [
      (value) => put(index, { status: 'fulfilled', value }),
      (reason) => put(index, { status: 'rejected', reason }),
    ]);
  });

export const race: Combine = (kind, values) =>
  new SpecPromise(kind, (resolve, reject) => thenEach(kind, values, () => [resolve, reject]));

export const any: Combine = (kind, values) =>
  new SpecPromise(kind, (resolve, reject) => {
    const put = collect(values.length, (reasons) =>
      reject(new AggregateError(reasons, 'All promises were rejected')),
    );
    thenEach(kind, values, (index) => [resolve, (reason) => put(index, reason)]);
  });
