import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

// Sets up the first daemon of all, and fails for the others once that one is there.
const path = process.env.MIRAI_STARTS;
let isFirst = true;
try {
  writeFileSync(path, `${process.pid}\n`, { flag: 'wx' });
} catch {
  isFirst = false;
}
if (isFirst) process.nextTick(() => writeFileSync(`${path}.there`, ''));
else {
  while (!existsSync(`${path}.there`)) await setTimeout(5);
  throw new Error('set up failed');
}
