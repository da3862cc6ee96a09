import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port.js';
import { type NatsServer, startNatsServer } from './nats-server.js';

export interface NatsCluster {
  readonly servers: readonly NatsServer[];
  readonly urls: readonly string[];
  /** Resolves when the servers that run have a leader and each other: JetStream does its work again. */
  healthy(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts `n` servers that are one cluster; it has elected its leader when the promise resolves. */
export async function startNatsCluster(n = 3): Promise<NatsCluster> {
  const routes: number[] = [];
  const monitors: number[] = [];
  for (let index = 0; index < n; index++) {
    routes.push(await freePort());
    monitors.push(await freePort());
  }
  const urls = routes.map((port) => `nats-route://127.0.0.1:${port}`).join(', ');
  const servers = await Promise.all(
    routes.map((port, index) =>
      startNatsServer({
        config: [
          `server_name: server${index}`,
          `http: "127.0.0.1:${monitors[index]}"`,
          `cluster { name: cluster, listen: "127.0.0.1:${port}", routes: [${urls}] }`,
        ].join('\n'),
      }),
    ),
  );
  const elected = async (areSound: boolean) => {
    while (!(await hasLeader(monitors, areSound))) await delay(20);
  };
  await elected(true);
  return {
    servers,
    urls: servers.map(({ url }) => url),
    // One that was lost once may never call itself sound again (2.9.10), although it serves.
    healthy: () => elected(false),
    stop: async () => {
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

interface Jsz {
  meta_cluster?: { leader?: string; cluster_size?: number };
}

/** Whether all servers that answer name the same leader, one of their own, and are sound where that is asked for. */
async function hasLeader(monitors: readonly number[], areSound: boolean): Promise<boolean> {
  const answers = await Promise.all(monitors.map((port) => ask(port)));
  const here = answers.filter((answer) => answer !== undefined);
  const leaders = new Set(here.map(({ leader }) => leader));
  const [leader] = leaders;
  return (
    here.length > monitors.length / 2 &&
    here.every(({ sound }) => sound || !areSound) &&
    leaders.size === 1 &&
    here.some(({ name }) => name === leader)
  );
}

async function ask(port: number) {
  const get = (path: string) => fetch(`http://127.0.0.1:${port}/${path}`);
  try {
    const [health, jsz, varz] = await Promise.all([get('healthz'), get('jsz'), get('varz')]);
    const { meta_cluster: meta } = (await jsz.json()) as Jsz; // cast: the server's documented answer
    const { server_name: name } = (await varz.json()) as { server_name: string }; // cast: as above
    return { sound: health.status === 200, leader: meta?.leader, name };
  } catch {
    return undefined; // it does not run
  }
}
