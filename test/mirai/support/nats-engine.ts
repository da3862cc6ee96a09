import { afterAll } from 'vitest';
import { nats } from '../nats/support/library.js';
import type { EngineName } from './engines.js';
import { type NatsServer, startNatsServer } from './nats-server.js';

let server: NatsServer | undefined;

/** Starts a server for the tests of the file that calls it. */
export async function useNatsServer(): Promise<NatsServer> {
  const started = await startNatsServer();
  server = started;
  afterAll(() => started.stop());
  return started;
}

export function natsUrl(): string {
  if (!server) throw new Error('the test file has started no NATS server');
  return server.url;
}

/** What a program is told that is to use the engine. */
export function serverOf(engine: EngineName): string[] {
  return engine.startsWith('nats') ? [natsUrl()] : [];
}

/** An engine on the server of this file. */
export function natsEngine(options: Omit<Parameters<typeof nats>[0], 'servers'>): ReturnType<typeof nats> {
  return nats({ servers: natsUrl(), ...options });
}
