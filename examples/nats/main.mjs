// Draws a picture on three daemons that know only a NATS server, one of which is killed on the way, and prints the trace of it.
import { setTimeout } from 'node:timers/promises';
import { daemons, importTasks, miraiMap, status } from 'otel-promise-domain/mirai';
import { nats } from 'otel-promise-domain/mirai/nats';
import { drawTrace } from '../mirai/draw-trace.mjs';
import { finishedSpans } from '../mirai/tracing.mjs';
import { startDaemon } from './daemon.mjs';
import { startServer } from './server.mjs';

const picture = { rows: 24, columns: 76, detail: 40 };
const strips = Array.from({ length: 8 }, (_, index) => ({
  strip: index + 1,
  from: 3 * index,
  to: 3 * index + 3,
}));
/** Whoever begins it is killed, once. */
const fatal = 5;

const { draw } = importTasks('mirai:mandelbrot');

const server = await startServer();
if (!server) process.exit(1);
const workers = [];
let killed;

function begins(worker, strip) {
  const name = `daemon ${worker + 1}`;
  if (strip !== fatal) return;
  if (killed !== undefined) console.log(`${name} begins it once more`);
  else {
    killed = worker;
    workers[worker].kill();
    console.log(`${name} begins strip ${strip}, and is killed`);
  }
}

try {
  for (let worker = 0; worker < 3; worker++) {
    workers.push(await startDaemon(server.url, (strip) => begins(worker, strip)));
    console.log(`daemon ${worker + 1} is process ${workers[worker].pid}`);
  }
  // A short ackWait: what a daemon had that vanishes is with another one a second later.
  await daemons({ engine: nats({ servers: server.url, ackWait: 1000 }) });
  const drawn = await miraiMap(strips, draw, { args: [picture] });
  console.log(`\n${drawn.flat().join('\n')}\n`);
  // The host has missed some answers of the one that was killed.
  while (status().connections === workers.length) await setTimeout(50);
  await leave();
  await daemons(0);
  console.log(drawTrace(finishedSpans(), { colors: process.stdout.isTTY && !process.env.NO_COLOR }));
} finally {
  await leave();
  await daemons(0);
  await server.stop();
}

async function leave() {
  await Promise.all(workers.map((worker) => worker.leave()));
}
