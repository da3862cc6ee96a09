/**
 * Puts what `wrap` makes of a method into its place, until the returned function is called. That leaves alone what has
 * been put on top since: it goes on to call the wrapper, which has to know by itself that it is over.
 */
export function interpose<O extends object, K extends keyof O>(
  target: O,
  name: K,
  wrap: (method: NonNullable<O[K]>) => O[K],
): () => void {
  const method = target[name];
  if (typeof method !== 'function') return () => {};
  const before = Object.getOwnPropertyDescriptor(target, name);
  const value = wrap(method);
  if (!Reflect.defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true }))
    return () => {};
  return () => {
    if (Object.getOwnPropertyDescriptor(target, name)?.value !== value) return;
    if (before) Object.defineProperty(target, name, before);
    else Reflect.deleteProperty(target, name);
  };
}

/** The object of the prototype chain that has `name` as its own: the class of an instance, for a method. */
export function ownerOf(object: object, name: string): object {
  for (let owner: object | null = object; owner; owner = Object.getPrototypeOf(owner))
    if (Object.hasOwn(owner, name)) return owner;
  return object;
}
