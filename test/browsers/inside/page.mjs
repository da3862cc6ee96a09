// Runs one test file in the page that loads it, sends what it came to, and goes on to the next page.
import { describeError, runFile } from '/run-file.mjs';

const { bundle, name, next } = JSON.parse(document.querySelector('#task').textContent);
const { fetch, setInterval, setTimeout } = globalThis;
let waiting = [];
let sent = Promise.resolve();

function send() {
  if (waiting.length === 0) return;
  const body = waiting.map((event) => `${JSON.stringify(event)}\n`).join('');
  waiting = [];
  sent = sent.then(() => fetch(`${location.pathname}/events`, { method: 'POST', body }));
}

const tell = (event) => waiting.push(event);
const tellOfStray = (what) => (error) =>
  tell({ title: `(${what})`, state: 'fail', errors: [describeError(error)] });
const load = () => import(bundle);

setInterval(send, 500);
if (name === 'aplus') {
  // The suite rejects first and handles later, on purpose; mocha finds out which test an uncaught error is of.
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
send();
await sent;
location.replace(next);
