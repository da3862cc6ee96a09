// The worker of raw `worker_threads`.
import { parentPort } from 'node:worker_threads';
import * as work from './work.mjs';

const tasks = { ...work };

parentPort.on('message', ({ id, name, argument }) => {
  parentPort.postMessage({ id, value: tasks[name](argument) });
});
