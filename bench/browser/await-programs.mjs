// The async functions that are measured, in a bundle that is compiled as a whole.

export function awaitPrograms() {
  return import('../await-program.mjs');
}
