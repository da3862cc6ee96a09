// Started by Node, Bun and Deno: `main.mjs <bundle> <name of the test file> <file for the events>`.
import { appendFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { describeError, runFile } from './run-file.mjs';

const [bundle, name, events] = process.argv.slice(2);
const load = () => import(pathToFileURL(bundle).href);
const tell = (event) => appendFileSync(events, `${JSON.stringify(event)}\n`);
const tellOfStray = (what) => (error) =>
  tell({ title: `(${what})`, state: 'fail', errors: [describeError(error)] });

if (name === 'aplus') {
  // The suite rejects first and handles later, on purpose; mocha finds out which test an uncaught error is of.
  for (const event of ['unhandledRejection', 'rejectionHandled']) process.on(event, () => {});
  process.on('uncaughtException', ({ message }) => globalThis.onerror?.(message, '', 0));
  const { runAplus } = await load();
  await runAplus(tell).catch(tellOfStray('the suite'));
} else {
  process.on('unhandledRejection', tellOfStray('unhandled rejection'));
  process.on('uncaughtException', tellOfStray('uncaught exception'));
  await runFile(name, load, tell);
  // What nobody handled is told of by the time of a later timer.
  await new Promise((resolve) => setTimeout(resolve, 10));
}
tell({ end: true });
process.exit();
