// What does a pool cost while it has nothing to do?
import { execFileSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { importContender, peers } from '../contenders/index.mjs';
import { rowsOf, withQuartiles } from '../figures.mjs';

const MIB = 2 ** 20;

export const name = 'idle';

export const variants = ['2'];

export const contenders = ['mirai', 'mirai-processes', ...peers];

export const budgets = { full: { rounds: 3, idleMs: 300 }, quick: { rounds: 1, idleMs: 50 } };

export async function measure(contender, { idleMs }) {
  const open = await importContender(contender);
  globalThis.gc();
  const before = process.memoryUsage.rss();
  const pool = await open(2);
  await Promise.all([pool.call('spin', 20), pool.call('spin', 20)]); // both workers have started
  await wait(idleMs); // what they put off is done
  globalThis.gc();
  const cpuBefore = process.cpuUsage();
  await wait(idleMs);
  const cpu = process.cpuUsage(cpuBefore);
  const rss = process.memoryUsage.rss() - before + rssOf(pool.pids?.() ?? []);
  await pool.close();
  return { rss: rss / MIB, cpu: (cpu.user + cpu.system) / idleMs };
}

function rssOf(pids) {
  if (pids.length === 0) return 0;
  const kib = execFileSync('ps', ['-o', 'rss=', '-p', pids.join()], { encoding: 'utf8' });
  return kib
    .trim()
    .split(/\s+/)
    .reduce((sum, value) => sum + Number(value) * 1024, 0);
}

export function report(figures) {
  return {
    title: 'Idle',
    text: [
      'Two workers that have each run a task and have nothing to do. MiB of resident memory that they add to the host, their',
      'own processes included, and milliseconds of CPU that the host takes in a second.',
    ].join('\n'),
    tables: [
      {
        head: ['', 'memory, MiB', 'CPU, ms a second'],
        rows: rowsOf(contenders, (contender) => [
          withQuartiles(figures.of('2', contender, 'rss')),
          withQuartiles(figures.of('2', contender, 'cpu')),
        ]),
      },
    ],
    targets: [],
  };
}

export const nodeOptions = ['--expose-gc'];
