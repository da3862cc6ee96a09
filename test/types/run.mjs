// Compiles what consumers write against the packed declarations: of the core without Node's types, of mirai with them.
import { checkDeclarations } from './compile.mjs';

checkDeclarations({
  folder: 'types',
  declarations: 'dist/index.d.ts',
  packages: ['@opentelemetry/api'],
  types: [],
});
checkDeclarations({
  folder: 'types-mirai',
  also: ['types/exactly.ts'],
  declarations: 'dist/mirai/index.d.ts',
  // The last one is what @types/node is declared with.
  packages: ['@opentelemetry/api', '@types/node', 'undici-types'],
  types: ['node'],
});
checkDeclarations({
  folder: 'types-nats',
  also: ['types/exactly.ts'],
  declarations: 'dist/mirai/nats.d.ts',
  packages: ['@opentelemetry/api', '@types/node', 'undici-types'],
  types: ['node'],
});
