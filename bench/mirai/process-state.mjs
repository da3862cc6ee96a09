// What a process holds, to be compared between two moments.
import { setImmediate as turn } from 'node:timers/promises';
import v8 from 'node:v8';
import vm from 'node:vm';

const MIB = 2 ** 20;

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');

/** Memory in MiB, what waits to be collected left out, and the handles that keep the process alive, by type. */
export async function processState() {
  for (let i = 0; i < 3; i++) {
    await turn();
    collect();
  }
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  return {
    rss: rss / MIB,
    heapUsed: heapUsed / MIB,
    external: (external + arrayBuffers) / MIB,
    handles: handles(),
  };
}

/** @returns {Record<string, number>} */
function handles() {
  const counts = {};
  for (const type of process.getActiveResourcesInfo()) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

export function shown({ rss, heapUsed, external, handles }) {
  const held = Object.entries(handles).map(([type, count]) => `${count} ${type}`);
  return [
    `RSS ${rss.toFixed(1)} MiB`,
    `heap ${heapUsed.toFixed(1)} MiB`,
    `external ${external.toFixed(1)} MiB`,
    `handles: ${held.join(', ') || 'none'}`,
  ].join(', ');
}
