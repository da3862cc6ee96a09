// Runs one test file in the page that loads it, sends what it came to, and goes on to the next page.
import { runTask } from '/run-file.mjs';

const { bundle, name, next } = JSON.parse(document.querySelector('#task').textContent);
const { fetch, setInterval } = globalThis;
let waiting = [];
let sent = Promise.resolve();

function send() {
  if (waiting.length === 0) return;
  const body = waiting.map((event) => `${JSON.stringify(event)}\n`).join('');
  waiting = [];
  sent = sent.then(() => fetch(`${location.pathname}/events`, { method: 'POST', body }));
}

const tell = (event) => waiting.push(event);
const load = () => import(bundle);

setInterval(send, 500);
await runTask(name, load, tell);
send();
await sent;
location.replace(next);
