// The async functions that are measured, for Node; browser/await-programs.mjs stands for it in the bundles of the pages.

/** @param {boolean} lowered whether to take them as `installLoweredProgram` has compiled them */
export function awaitPrograms(lowered) {
  return lowered ? import('./node_modules/lowered/await-program.mjs') : import('./await-program.mjs');
}
