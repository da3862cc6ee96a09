import { defineConfig } from 'tsup';
import { bundleDaemon } from './scripts/bundle-daemon.js';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'testing/index': 'src/testing/index.ts',
    'testing/vitest': 'src/testing/vitest.ts',
    'mirai/index': 'src/mirai/index.ts',
    'mirai/nats': 'src/mirai/engine/nats/index.ts',
    'mirai/nats/launched': 'src/mirai/engine/nats/launched.ts',
    'cli/main': 'src/cli/main.ts',
    'unplugin/index': 'src/unplugin/index.ts',
    'unplugin/runtime': 'src/unplugin/runtime.ts',
  },
  format: ['esm'],
  target: 'es2022',
  platform: 'neutral',
  dts: {
    // `Disposable` is in no lib that consumers have by default.
    banner: '/// <reference lib="esnext.disposable" />',
    // tsup sets `baseUrl` while it writes declarations, which TypeScript 6 reports as deprecated.
    compilerOptions: { ignoreDeprecations: '6.0', types: ['node'] },
  },
  esbuildPlugins: [bundleDaemon],
  external: [/^@opentelemetry\//, /^@nats-io\//, 'vitest', /^node:/],
  sourcemap: true,
  treeshake: true,
  clean: true,
});
