import { onTestFinished } from 'vitest';
import { openGate } from '../../support/gate.js';
import { mirai } from '../../support/library.js';
import { tasks } from '../../support/tasks.js';
import { allowed } from './daemon-process.js';
import { connectHost } from './host.js';
import { natsStatus, startNatsDaemon } from './library.js';
import { launchDaemon, ownServer } from './own.js';

type HostOptions = Omit<Parameters<typeof connectHost>[0], 'servers'>;

/** A host and no daemon, on a server of its own. */
export async function startHost(
  options: HostOptions = {},
  profile: Parameters<typeof connectHost>[1] = {},
  maxPayload?: number,
) {
  const server = await ownServer(maxPayload === undefined ? {} : { maxPayload });
  await connectHost({ servers: server.url, ...options }, profile);
  const queue = async () => (await natsStatus({ servers: server.url })).queue;
  return { server, url: server.url, queue };
}

/** A daemon of this process, which ends in good order. */
export async function join(url: string) {
  const daemon = await startNatsDaemon({ servers: url, modules: allowed });
  onTestFinished(() => daemon.leave());
  return daemon;
}

/** A task that is at work in a daemon which vanishes then, with another one there; and how often it has begun. */
export async function loseDaemon(url: string, options: Parameters<typeof mirai>[2] = {}) {
  const daemon = await launchDaemon({ url });
  const { path, next, came } = await openGate();
  const task = mirai(tasks.gate.hold, [path, 'run'], options);
  const settled = task.catch((error: unknown) => error);
  await next();
  await join(url);
  await daemon.kill('SIGKILL');
  return { settled, next, came };
}
