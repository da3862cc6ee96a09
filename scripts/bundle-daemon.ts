import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const daemon = fileURLToPath(new URL('../src/mirai/daemon/main.ts', import.meta.url));

/**
 * The API that the host uses, so that the modules of tasks and the runtime share one; where the host is bundled, and there is
 * none to be found, the copy in here.
 */
const sharedApi: Plugin = {
  name: 'shared-api',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@opentelemetry\/api$/ }, ({ importer, path }) =>
      importer === 'shared-api:' ? undefined : { path, namespace: 'shared-api' },
    );
    onLoad({ filter: /.*/, namespace: 'shared-api' }, () => ({
      // Loaded when something of it is needed, which without tracing is never: it takes a quarter of the start of a daemon.
      contents: `let api;
        const load = () => (api ??= miraiStart.api ? require(miraiStart.api) : require(${JSON.stringify(api)}));
        module.exports = Object.create(new Proxy({}, { get: (_, key) => load()[key] }));`,
      resolveDir: fileURLToPath(new URL('..', import.meta.url)),
    }));
  },
};

const api = fileURLToPath(import.meta.resolve('@opentelemetry/api'));

/** Puts the code of daemons into the module that has a place for it, as one script with all that it needs. */
export const bundleDaemon: Plugin = {
  name: 'bundle-daemon',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]mirai[\\/]daemon[\\/]code\.ts$/ }, async () => {
      const { outputFiles } = await build({
        entryPoints: [daemon],
        bundle: true,
        write: false,
        format: 'cjs',
        platform: 'node',
        target: 'node20.19',
        minifySyntax: true,
        legalComments: 'none',
        logLevel: 'error',
        plugins: [sharedApi],
      });
      return { contents: `export const daemonCode = ${JSON.stringify(outputFiles[0]?.text)};`, loader: 'js' };
    });
  },
};
