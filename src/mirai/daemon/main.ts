import type { DaemonStart } from '../protocol/messages.js';
import type { Role } from './bootstrap.js';
import { runProcess } from './process.js';
import { runReader } from './reader.js';
import { runThread } from './thread.js';

/** Given by the script around this one. */
declare const miraiRole: Role;
declare const miraiStart: DaemonStart;
declare const miraiCode: string;

/** A daemon that cannot go on takes its thread with it, and the host tells of it. */
function fail(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}

if (miraiRole === 'reader') runReader();
else if (miraiRole === 'process') runProcess(miraiStart, miraiCode).catch(fail);
else runThread(miraiStart).catch(fail);
