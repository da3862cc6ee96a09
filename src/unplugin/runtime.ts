export { captureAwait as capture } from '../domain/await-bracket.js';
export { reenter, resource } from './runtime/disposal.js';
export { delegated, keptYield, plainYield, startYield } from './runtime/generator.js';
export { iterated } from './runtime/iteration.js';
export { awaited } from './runtime/operand.js';
