// Many tasks of all kinds, and random faults: the server, daemons and networks fail all the time. Exits with 1 where a task is
// lost, settles wrongly, or has run more often than it may, or where spans are missing. Prints how often tasks have run.
//   --tasks n             10000, submitted at once
//   --delivery name       at-least-once, or at-most-once: there tasks may reject with DaemonLost, and none runs twice
//   --faults a,b,...      server, kill, leave, stop, daemon-network, host-network; all of them when not given
//   --every ms            mean time between two faults: 400
//   --seed n              of the faults
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { register } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { context, trace } from '@opentelemetry/api';
import { daemons, everywhere, importTasks, status } from 'otel-promise-domain/mirai';
import { nats } from 'otel-promise-domain/mirai/nats';

register('../support/typescript.mjs', import.meta.url);
const { startVictims } = await import('./faults.mjs');
const { taskOf } = await import('./mix.mjs');
const { faultsOf, recordSpans } = await import('./spans.mjs');
const { makeRandom } = await import('../support/random.ts');
const { countOf } = await import('../support/count-of.ts');

const { values: options } = parseArgs({
  options: {
    tasks: { type: 'string', default: '10000' },
    delivery: { type: 'string', default: 'at-least-once' },
    faults: { type: 'string' },
    every: { type: 'string', default: '400' },
    seed: { type: 'string', default: '1' },
  },
});
/** Nothing at all has settled for so long: then what is left is lost. */
const SILENCE_MS = 60_000;
const ACK_WAIT = 1000;
const DELIVERIES = 50;

const n = Number(options.tasks);
const random = makeRandom(Number(options.seed));
const atMostOnce = options.delivery === 'at-most-once';
const folder = mkdtempSync(join(tmpdir(), 'mirai-soak-'));
const path = join(folder, 'runs');
const { count } = importTasks(new URL('../tasks/counted.mjs', import.meta.url));

const spans = recordSpans();
const victims = await startVictims(random, ACK_WAIT);
await daemons({
  engine: nats({
    ...{ servers: victims.url, ackWait: ACK_WAIT, deliveries: DELIVERIES },
    delivery: options.delivery,
  }),
});

const outcomes = new Map();
let lastSettled = performance.now();
const start = performance.now();
const tasks = Array.from({ length: n }, (_, index) =>
  taskOf(index, { path, random, atMostOnce, deliveries: DELIVERIES }),
);
for (const [index, task] of tasks.entries()) {
  const settle = (outcome) => {
    lastSettled = performance.now();
    outcomes.set(index, outcome);
  };
  // The span of the task is told from others by its trace, which has the number of the task.
  task.span = trace.getTracer('soak').startSpan(`task ${index}`, { root: true });
  context
    .with(trace.setSpan(context.active(), task.span), task.submit)
    .then(settle, settle)
    .finally(() => task.span.end());
}

const names = options.faults?.split(',') ?? victims.names;
let barriers = 0;
const telling = setInterval(tell, 5000);
while (outcomes.size < n && performance.now() - lastSettled < SILENCE_MS) {
  await Promise.race([delay(random() * 2 * Number(options.every)), allSettled()]);
  if (outcomes.size === n) continue;
  if (random() < 0.1) callEverywhere();
  await victims.make(names[Math.floor(random() * names.length)]);
}
victims.mend();
for (const end = performance.now() + SILENCE_MS; barriers > 0 && performance.now() < end; ) await delay(20);
clearInterval(telling);

const seconds = ((performance.now() - start) / 1000).toFixed(1);
const tally = status().mirai;
await daemons(0);
const wrong = [...outcomes].filter(([index, outcome]) => !tasks[index].isRight(outcome));
const runs = countOf(readFileSync(path, 'utf8').split('\n').slice(0, -1));
const tooOften = tasks.filter(({ line, most }) => (runs.get(line) ?? 0) > most);
const never = tasks.filter((task, index) => task.runs && outcomes.has(index) && !runs.has(task.line));
const distribution = countOf(tasks.map(({ line }) => runs.get(line) ?? 0).sort((a, b) => a - b));
const errors = [...outcomes.values()].flatMap((outcome) => outcome?.code ?? []);
const evaluated = tasks.filter((task, index) => task.runs && outcomes.has(index));
const miraiOf = new Map(
  spans.filter(({ name }) => name === 'mirai').map((span) => [span.parentSpanContext?.spanId, span]),
);
console.log(
  `${n} tasks, ${options.delivery}, seed ${options.seed}: ${outcomes.size} settled in ${seconds} s`,
);
console.log('faults:', victims.made);
console.log('errors:', Object.fromEntries(countOf(errors)));
console.log('tasks by how often they ran:', Object.fromEntries(distribution));
console.log('status:', tally);
const failures = [
  outcomes.size < n && `${n - outcomes.size} tasks are lost`,
  wrong.length > 0 && `wrong: ${wrong.slice(0, 3).map(([index, outcome]) => `${index}: ${outcome}`)}`,
  never.length > 0 && `${never.length} tasks have settled and never ran`,
  tooOften.length > 0 && `${tooOften.length} tasks have run too often, such as ${tooOften[0]?.line}`,
  barriers > 0 && `${barriers} calls of everywhere() have not settled`,
  tally.awaiting + tally.executing > 0 && 'status() counts tasks that are not there',
  ...faultsOf(
    spans,
    evaluated.map(({ span }) => miraiOf.get(span.spanContext().spanId)?.spanContext().spanId),
    { killed: victims.made.kill ?? 0 },
  ),
].filter(Boolean);
for (const failure of failures) console.error(`FAILED: ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;
await victims.stop();
rmSync(folder, { recursive: true, force: true });

function callEverywhere() {
  barriers += 1;
  const over = () => {
    barriers -= 1;
  };
  everywhere(count, [path, 'everywhere', 0]).then(over, over);
}

function tell() {
  const seconds = Math.round((performance.now() - start) / 1000);
  process.stderr.write(`${seconds} s: ${outcomes.size} of ${n}, ${JSON.stringify(victims.made)}\n`);
}

async function allSettled() {
  while (outcomes.size < n) await delay(20);
}
