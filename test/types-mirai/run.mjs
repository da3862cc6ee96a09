// Compiles the consumer files beside this script against the packed declarations, under every supported TypeScript.
import { existsSync, readdirSync } from 'node:fs';
import { COMPILERS, compile, layOutConsumer } from './compile.mjs';

const DECLARATIONS = 'dist/mirai/index.d.ts';
const PACKAGES = [
  '@opentelemetry/api',
  '@types/node',
  // What @types/node is declared with.
  'undici-types',
];

const here = new URL('.', import.meta.url);
const consumers = readdirSync(here).filter((file) => file.endsWith('.ts'));
if (consumers.length === 0) throw new Error(`no consumer files in ${here}`);
if (!existsSync(new URL(`../../${DECLARATIONS}`, here)))
  throw new Error(`${DECLARATIONS} is missing: build first`);

const { folder, remove } = layOutConsumer({
  files: ['types/exactly.ts', ...consumers.map((file) => `types-mirai/${file}`)],
  packages: PACKAGES,
});
try {
  for (const version of Object.keys(COMPILERS).sort()) {
    const faults = compile(folder, version, DECLARATIONS);
    console.log(`${faults.length === 0 ? 'ok  ' : 'FAIL'} TypeScript ${version}: ${consumers.join(', ')}`);
    for (const fault of faults) console.error(fault);
    if (faults.length > 0) process.exitCode = 1;
  }
} finally {
  remove();
}
