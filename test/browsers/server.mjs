// Serves the pages of the test files, and takes what they came to.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const types = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.html': 'text/html' };

const importMap = {
  imports: {
    vitest: '/node_modules/vitest/index.mjs',
    'zone.js': '/node_modules/zone.js/index.mjs',
    'otel-promise-domain': '/node_modules/otel-promise-domain/dist/index.js',
    'otel-promise-domain/testing': '/node_modules/otel-promise-domain/dist/testing/index.js',
    'otel-promise-domain/testing/vitest': '/node_modules/otel-promise-domain/dist/testing/vitest.js',
    'otel-promise-domain-copy': '/node_modules/otel-promise-domain-copy/dist/index.js',
    '@opentelemetry/api': '/node_modules/@opentelemetry/api/index.mjs',
    '@opentelemetry/sdk-trace-base': '/node_modules/@opentelemetry/sdk-trace-base/index.mjs',
  },
};

/**
 * Serves on loopback, every browser under its name.
 *
 * @param {{ bundle: string, name: string }[]} tasks - one page each, in this order
 * @param {string} folder - what the pages load from
 * @param {(browser: string, at: number, events: object[]) => void} take
 */
export async function serve(tasks, folder, take) {
  const server = createServer(async (request, response) => {
    const [, browser, at, events] = /^\/run\/(\w+)\/(\d+)(\/events)?$/.exec(request.url) ?? [];
    if (events) {
      const lines = (await textOf(request)).split('\n').filter(Boolean);
      response.end();
      take(
        browser,
        Number(at),
        lines.map((line) => JSON.parse(line)),
      );
    } else if (browser) {
      response
        .setHeader('Content-Type', types['.html'])
        .end(page(tasks[at], `/run/${browser}/${Number(at) + 1}`));
    } else await serveFile(folder, request.url, response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    urlFor: (browser) => `http://127.0.0.1:${server.address().port}/run/${browser}/0`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function page(task, next) {
  if (!task) return '<!doctype html><title>Done</title>';
  return `<!doctype html>
<meta charset="utf-8">
<title>${task.name}</title>
<script type="importmap">${JSON.stringify(importMap)}</script>
<script type="application/json" id="task">${JSON.stringify({ ...task, next })}</script>
<script src="/globals.js"></script>
<script type="module" src="/page.mjs"></script>
`;
}

async function serveFile(folder, url, response) {
  const path = normalize(new URL(url, 'http://localhost').pathname);
  try {
    const content = await readFile(join(folder, path));
    response.setHeader('Content-Type', types[extname(path)] ?? 'application/octet-stream').end(content);
  } catch {
    response.writeHead(404).end();
  }
}

async function textOf(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}
