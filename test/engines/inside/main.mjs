// Started by Node, Bun and Deno: `main.mjs <bundle> <name of the test file> <file for the events>`.
import { appendFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { runTask } from './run-file.mjs';

const [bundle, name, events] = process.argv.slice(2);
const load = () => import(pathToFileURL(bundle).href);
const tell = (event) => appendFileSync(events, `${JSON.stringify(event)}\n`);

await runTask(name, load, tell, () => {
  for (const event of ['unhandledRejection', 'rejectionHandled']) process.on(event, () => {});
  process.on('uncaughtException', ({ message }) => globalThis.onerror?.(message, '', 0));
});
process.exit();
