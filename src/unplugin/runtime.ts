export { reenter, resource } from './runtime/disposal.js';
export { delegated, keptYield, plainYield, startYield } from './runtime/generator.js';
export { iterated } from './runtime/iteration.js';
export { awaited, capture } from './runtime/operand.js';
