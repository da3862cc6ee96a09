/** Remembers what a task may change for the tasks after it. @returns puts it back */
export function rememberSurroundings(): () => void {
  const globals = new Map(
    Reflect.ownKeys(globalThis).map((key) => [key, Object.getOwnPropertyDescriptor(globalThis, key)]),
  );
  const env = { ...process.env };
  const directory = process.cwd();
  return () => {
    for (const key of Reflect.ownKeys(globalThis))
      if (!globals.has(key)) Reflect.deleteProperty(globalThis, key);
    for (const [key, before] of globals) {
      const after = Object.getOwnPropertyDescriptor(globalThis, key);
      if (before && !isSame(before, after)) Reflect.defineProperty(globalThis, key, before);
    }
    for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
    for (const [name, value] of Object.entries(env))
      if (process.env[name] !== value) process.env[name] = value;
    // Worker threads cannot change the directory, nor need they.
    if (process.cwd() !== directory) process.chdir(directory);
  };
}

function isSame(before: PropertyDescriptor, after: PropertyDescriptor | undefined): boolean {
  return after?.value === before.value && after?.get === before.get && after?.set === before.set;
}
