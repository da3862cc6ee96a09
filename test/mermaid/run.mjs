// Draws the Mermaid diagrams of timelines and of the guides with the real renderer, in Chromium: each must be drawn, every step
// of it included.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { launchBrowser } from '../browsers/launch.mjs';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const renderer = here('node_modules/mermaid/dist/mermaid.min.js');
if (!existsSync(renderer)) {
  console.error('The renderer is missing, run this first: npm ci --prefix test/mermaid');
  process.exit(1);
}

const { outputFiles } = await build({
  entryPoints: [here('diagrams.ts')],
  bundle: true,
  format: 'esm',
  write: false,
});
const diagrams = outputFiles[0].text;
const documented = readdirSync(here('../../docs'), { recursive: true })
  .filter((page) => page.endsWith('.md'))
  .flatMap((page) =>
    [...readFileSync(here(`../../docs/${page}`), 'utf8').matchAll(/^```mermaid\n([\s\S]*?)^```/gm)].map(
      ([, diagram]) => [`docs/${page}`, diagram],
    ),
  );

const files = {
  '/': [
    'text/html',
    `<!doctype html><meta charset="utf-8"><title>Diagrams</title><script src="/mermaid.js"></script>
<script type="module">import { diagrams } from '/diagrams.js'; import documented from '/documented.js';
globalThis.diagrams = [...diagrams, ...documented]; await import('/page.js');</script>`,
  ],
  '/mermaid.js': ['text/javascript', readFileSync(renderer)],
  '/diagrams.js': ['text/javascript', diagrams],
  '/documented.js': ['text/javascript', `export default ${JSON.stringify(documented)}`],
  '/page.js': ['text/javascript', readFileSync(here('page.js'))],
};

let take;
const taken = new Promise((resolve) => {
  take = resolve;
});
const server = createServer(async (request, response) => {
  if (request.method === 'POST') {
    take(JSON.parse(await text(request)));
    return response.end();
  }
  const [type, content] = files[request.url] ?? [];
  response.writeHead(content ? 200 : 404, { 'Content-Type': type ?? 'text/plain' }).end(content);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

const browser = await launchBrowser('chromium', `http://127.0.0.1:${server.address().port}/`);
const result = await Promise.race([
  taken,
  browser.ended.then((reason) => ({ faults: [`Chromium: ${reason}`] })),
]);
await browser.close();
server.closeAllConnections();
server.close();

for (const fault of result.faults) console.error(fault);
console.log(`${(result.count ?? 0) - result.faults.length} diagrams drawn, ${result.faults.length} not`);
process.exitCode = result.count > 0 && result.faults.length === 0 ? 0 : 1;
