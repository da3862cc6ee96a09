import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm'],
  target: 'es2022',
  platform: 'neutral',
  dts: {
    // `Disposable` is in no lib that consumers have by default.
    banner: '/// <reference lib="esnext.disposable" />',
    // tsup sets `baseUrl` while it writes declarations, which TypeScript 6 reports as deprecated.
    compilerOptions: { ignoreDeprecations: '6.0' },
  },
  external: ['@opentelemetry/api'],
  sourcemap: true,
  treeshake: true,
  clean: true,
});
