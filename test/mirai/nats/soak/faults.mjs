// The server, three daemons, their networks, and what becomes of them.
import { setTimeout as delay } from 'node:timers/promises';
import { startNatsServer } from '../../support/nats-server.ts';
import { isServing, permissive, spawnDaemon } from '../support/daemon-process.ts';
import { startProxy } from '../support/proxy.ts';

/** @param random gives a number from 0 to 1; `ackWait` is that of the stream, in ms */
export async function startVictims(random, ackWait) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const server = await startNatsServer();
  const hostProxy = await startProxy(server.port);
  const daemonProxy = await startProxy(server.port);
  const running = [];
  const launch = (by) => {
    const each = { daemon: spawnDaemon({ url: by.url, args: [...permissive(), '--concurrency', '2'] }), by };
    running.push(each);
    return each.daemon;
  };
  for (const by of [server, server, daemonProxy]) await isServing(launch(by));

  /** How long something is away: sometimes less than the ack wait, sometimes more. */
  const away = () => delay(random() * 2.5 * ackWait);
  const breakNetwork = async (proxy) => {
    proxy[pick(['cut', 'stall'])]();
    await away();
    proxy.mend();
  };
  const take = () => running.splice(running.indexOf(pick(running)), 1)[0];
  const faults = {
    async server() {
      await server.kill(pick(['SIGTERM', 'SIGKILL']));
      await delay(random() * 500);
      await server.restart();
    },
    async kill() {
      const { daemon, by } = take();
      await daemon.kill('SIGKILL');
      launch(by);
    },
    async leave() {
      const { daemon, by } = take();
      launch(by);
      await daemon.kill('SIGTERM');
    },
    async stop() {
      const { daemon } = pick(running);
      await daemon.kill('SIGSTOP');
      await away();
      await daemon.kill('SIGCONT');
    },
    'daemon-network': () => breakNetwork(daemonProxy),
    'host-network': () => breakNetwork(hostProxy),
  };
  return {
    url: hostProxy.url,
    names: Object.keys(faults),
    /** How often each has been made. */
    made: {},
    async make(name) {
      this.made[name] = (this.made[name] ?? 0) + 1;
      await faults[name]();
    },
    mend() {
      hostProxy.mend();
      daemonProxy.mend();
    },
    async stop() {
      await Promise.all(running.map(({ daemon }) => daemon.kill('SIGKILL')));
      for (const proxy of [hostProxy, daemonProxy]) proxy.stop();
      await server.stop();
    },
  };
}
