type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** `exactly<Expected>()(value)` compiles only if the type of `value` is `Expected`, no wider and no narrower. */
export declare function exactly<Expected>(): <Got>(
  value: Got,
  ...differs: Same<Got, Expected> extends true ? [] : [expected: Expected]
) => void;

/** What JavaScript brings along, for want of a type. */
export type Unchecked = ReturnType<typeof JSON.parse>;
