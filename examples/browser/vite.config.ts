import { fileURLToPath } from 'node:url';
import awaits from 'otel-promise-domain/unplugin';
import { defineConfig } from 'vite';

// The page exists in two sources: with every await wrapped by hand, and plain. The plain one is built with the plugin,
// which wraps the awaits, and without it, for comparison.
// biome-ignore lint/style/noDefaultExport: Vite reads the default export.
export default defineConfig(({ mode }) => {
  const shop = mode === 'by-hand' ? 'by-hand' : 'plain';
  return {
    base: './',
    build: { outDir: `dist/${mode}` },
    plugins: mode === 'plugin' ? [awaits.vite()] : [],
    resolve: {
      alias: { '#shop': fileURLToPath(new URL(`src/${shop}`, import.meta.url)) },
      // The library is a link to this repository, which has a copy of its own.
      dedupe: ['@opentelemetry/api'],
    },
  };
});
