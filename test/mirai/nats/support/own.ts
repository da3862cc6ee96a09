import { onTestFinished } from 'vitest';
import { type NatsCluster, startNatsCluster } from '../../support/nats-cluster.js';
import { type NatsServer, type NatsServerOptions, startNatsServer } from '../../support/nats-server.js';
import { type DaemonProcess, type DaemonProcessOptions, isServing, spawnDaemon } from './daemon-process.js';
import { startProxy, type TcpProxy } from './proxy.js';

/** A NATS server for the running test alone. */
export async function ownServer(options?: NatsServerOptions): Promise<NatsServer> {
  const server = await startNatsServer(options);
  onTestFinished(() => server.stop());
  return server;
}

/** A cluster for the running test alone. */
export async function ownCluster(n?: number): Promise<NatsCluster> {
  const cluster = await startNatsCluster(n);
  onTestFinished(() => cluster.stop());
  return cluster;
}

/** A proxy for the running test alone. */
export async function ownProxy(port: number): Promise<TcpProxy> {
  const proxy = await startProxy(port);
  onTestFinished(() => proxy.stop());
  return proxy;
}

/** A daemon of its own process for the running test alone, which may not come to serve. */
export function ownDaemon(options: DaemonProcessOptions): DaemonProcess {
  const daemon = spawnDaemon(options);
  onTestFinished(() => daemon.kill('SIGKILL'));
  return daemon;
}

/** The same, when it serves its profile. */
export async function launchDaemon(options: DaemonProcessOptions): Promise<DaemonProcess> {
  const daemon = ownDaemon(options);
  await isServing(daemon);
  return daemon;
}
