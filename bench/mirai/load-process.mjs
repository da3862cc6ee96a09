// One process of `load.mjs`.
import { daemons, importTasks, MiraiInterrupt, mirai, miraiMap, status } from 'otel-promise-domain/mirai';
import { processState, shown } from './process-state.mjs';

const MIB = 2 ** 20;
const BURST = 20_000;
const CANCELLED = 10_000;
/** How often memory is looked at, in tasks. */
const STRIDE = 10_000;

const { load, engine, tasks } = JSON.parse(process.argv[2]);
const work = importTasks(new URL('tasks/work.mjs', import.meta.url));
const loads = { map, burst, direct: burst, cancel };

let peakHeap = 0;
const set = await daemons(2, { engine, dispatcher: load !== 'direct' });
await Promise.all(Array.from({ length: 1000 }, () => mirai(work.noop, [])));
const before = await processState();
const started = performance.now();
const said = await loads[load]();
const ms = performance.now() - started;
const after = await processState();
expectDrained();
await set.reset();

const peakRss = process.resourceUsage().maxRSS / 1024;
console.log(`${load}, ${engine}: ${said}, ${Math.round(ms)} ms`);
console.log(`  peak: RSS ${peakRss.toFixed(1)} MiB, heap ${(peakHeap / MIB).toFixed(1)} MiB`);
console.log(`  before: ${shown(before)}`);
console.log(`  after: ${shown(after)}`);

async function map() {
  let pulled = 0;
  let mostAhead = 0;
  function* items() {
    for (; pulled < tasks; pulled++) {
      if (pulled % STRIDE === 0) {
        sampleHeap();
        mostAhead = Math.max(mostAhead, pulled - (status().mirai.completed - 1000));
      }
      yield pulled;
    }
  }
  const results = await miraiMap(items(), work.noop);
  sampleHeap();
  if (results.length !== tasks || results.some((result) => result !== undefined)) {
    throw new Error(`${results.length} results of ${tasks}, or wrong ones`);
  }
  return `${tasks.toLocaleString('en-US')} no-ops, at most ${mostAhead.toLocaleString('en-US')} pulled and not done`;
}

async function burst() {
  const promises = Array.from({ length: BURST }, () => mirai(work.noop, []));
  sampleHeap();
  await Promise.all(promises);
  sampleHeap();
  return `${BURST.toLocaleString('en-US')} no-ops at once`;
}

/** With each result another task is cancelled: one that runs, or soon would, and one of those that wait, in turn. */
async function cancel() {
  const random = generator(1);
  const all = Array.from({ length: 2 * CANCELLED }, () => mirai(work.spin, [0.1]));
  const waiting = shuffled(all.keys(), random);
  const cancelled = new Set();
  const ended = new Set();
  let front = 0;
  let late = 0;
  const settled = all.map((task, at) =>
    task.then(
      () => {
        ended.add(at);
        if (cancelled.has(at)) throw new Error(`task ${at} has a result after it was cancelled`);
        cancelAnother();
      },
      (error) => {
        ended.add(at);
        if (!cancelled.has(at) || !(error instanceof MiraiInterrupt)) throw error;
      },
    ),
  );
  await Promise.all(settled);
  sampleHeap();
  return `${cancelled.size.toLocaleString('en-US')} of ${all.length.toLocaleString('en-US')} cancelled, ${late} more too late`;

  function cancelAnother() {
    for (;;) {
      while (ended.has(front) || cancelled.has(front)) front++;
      const at = random() < 0.5 ? front : (waiting.pop() ?? front);
      if (at >= all.length) return;
      if (cancelled.has(at)) continue;
      if (all[at].cancel('not needed')) {
        cancelled.add(at);
        return;
      }
      late++;
      ended.add(at); // its result is on its way to `then`
    }
  }
}

function expectDrained() {
  const { mirai: tally, memory, connections } = status();
  if (tally.awaiting !== 0 || tally.executing !== 0 || memory.used !== 0 || connections !== 2) {
    throw new Error(`not drained: ${JSON.stringify({ tally, memory, connections })}`);
  }
}

function sampleHeap() {
  peakHeap = Math.max(peakHeap, process.memoryUsage().heapUsed);
}

function shuffled(items, random) {
  const list = [...items];
  for (let at = list.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [list[at], list[other]] = [list[other], list[at]];
  }
  return list;
}

/** The same numbers in each run. Park and Miller, «Random number generators: good ones are hard to find». */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
