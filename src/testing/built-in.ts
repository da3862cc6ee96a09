/** A module of Node, where there is one; Deno and Bun have them too, browsers have not. */
export function builtIn<T>(name: string): Partial<T> | undefined {
  // Reason for the casts: the global is there in some runtimes, the method in some of their versions, and what it returns
  // is for the caller to say.
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  return process?.getBuiltinModule?.(name) as Partial<T> | undefined;
}
