// Prints what the core entry weighs, minified and gzipped, and fails where it grows beyond what it is today.
import { weigh } from './weigh.mjs';

const API = '@opentelemetry/api';
const LIMIT_ADDED = 5150;
const LIMIT_ALONE = 5460;

const core = "export * from './dist/index.js';";
const usedOfApi = `export { context, diag, isSpanContextValid, ROOT_CONTEXT, SpanStatusCode, trace } from '${API}';`;

const alone = await weigh(core, [API]);
const added = (await weigh(core + usedOfApi)) - (await weigh(usedOfApi));

console.log(`core entry, what it adds to a bundle that has the API: ${added} B (limit ${LIMIT_ADDED} B)`);
console.log(`core entry as a file of its own, the API external: ${alone} B (limit ${LIMIT_ALONE} B)`);
if (added > LIMIT_ADDED || alone > LIMIT_ALONE) {
  console.error('the core entry is over its limit');
  process.exitCode = 1;
}
