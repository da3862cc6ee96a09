/** The promise that the next native step derives from, and what its `constructor` is to answer to that. */
let deriving: Promise<unknown> | undefined;
let species: PromiseConstructor | undefined;

/**
 * To be called right before a native step that reads `promise.constructor` to derive from it: that is no await.
 *
 * @param by what to derive; default: the class of the promise
 */
export function derive(promise: Promise<unknown>, by?: PromiseConstructor): void {
  deriving = promise;
  species = by;
}

/** What a read of `promise.constructor` is to answer where it is that of such a step; a step reads it once. */
export function takeDerived(promise: Promise<unknown>, itsClass: unknown): unknown {
  if (deriving !== promise) return undefined;
  deriving = undefined;
  return species ?? itsClass;
}
