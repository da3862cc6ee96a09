import '../otel/otel-promise-domain.js'; // tells awaits of context managers other than DomainContextManager

export { reenter, resource } from './runtime/disposal.js';
export { delegated, keptYield, plainYield, startYield } from './runtime/generator.js';
export { iterated } from './runtime/iteration.js';
export { awaited, capture } from './runtime/operand.js';
