/** The descriptor of a property that must be an own one; a missing one is `undefined`, which equals no descriptor. */
export function own(of: object, key: PropertyKey): PropertyDescriptor | undefined {
  return Reflect.getOwnPropertyDescriptor(of, key);
}

/** ECMA-262 IsConstructor: whether `new` could be used with it. Nothing of it is called. */
export function isConstructor(value: unknown): boolean {
  try {
    // Reason for the cast: what is no function is to throw, and does.
    Reflect.construct(Object, [], value as () => void);
    return true;
  } catch {
    return false;
  }
}
