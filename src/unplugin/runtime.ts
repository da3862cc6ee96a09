// For its side effect: contexts of managers that are not this library's are captured at an await as well.
import '../otel/otel-promise-domain.js';

export { captureAwait as capture } from '../domain/await-bracket.js';
export { reenter, resource } from './runtime/disposal.js';
export { delegated, keptYield, plainYield, startYield } from './runtime/generator.js';
export { iterated } from './runtime/iteration.js';
export { awaited } from './runtime/operand.js';
