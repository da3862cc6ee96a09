import { randomUUID } from 'node:crypto';
import type { Connection } from '../../../host/connection.js';
import { Pool } from '../../../host/pool.js';
import type { ProfileOptions } from '../../../host/profile-options.js';
import type { Departure } from '../../engine.js';
import type { NatsDaemonOptions, NatsOptions } from '../options.js';
import type { Presence } from '../wire/from-daemon.js';
import { launcher } from './launcher.js';

interface LaunchedEvents {
  present(presence: Presence): void;
  gone(daemon: string, departure: Departure | undefined): void;
  /** Whether there are tasks for one more daemon. */
  isWaiting(): boolean;
  failed(error: Error): void;
}

/** The daemons that a host starts on its own machine, and starts again when they are gone. */
export class Launched {
  readonly #pool: Pool;
  readonly #daemons = new Map<number, string>();
  readonly #isWaiting: () => boolean;

  constructor(options: ProfileOptions, nats: NatsOptions, events: LaunchedEvents) {
    const { start, output, respawn, grace } = options;
    this.#isWaiting = () => events.isWaiting();
    const engine = launcher({
      options: () => daemonOptions(options, nats),
      launch: () => ({ name: randomUUID(), stream: nats }),
      present: (id, presence) => {
        this.#daemons.set(id, presence.daemon);
        events.present(presence);
      },
      idle: (id) => {
        const connection = this.#pool.connections.get(id);
        if (connection) connection.wasIdle = true;
      },
    });
    this.#pool = new Pool(
      { engine, start, limits: undefined, output, respawn: respawn ? 'always' : 'never', grace },
      {
        joined: () => undefined,
        received: () => undefined,
        gone: ({ id }: Connection, departure) => {
          const daemon = this.#daemons.get(id);
          this.#daemons.delete(id);
          if (daemon !== undefined) events.gone(daemon, departure);
        },
        isWaiting: () => events.isWaiting(),
        failed: (error) => events.failed(error),
      },
    );
  }

  get size(): number {
    return this.#pool.size;
  }

  /** @throws what kept one of them from coming up */
  add(count: number): Promise<void> {
    return this.#pool.add(count);
  }

  /** Starts one where one has left for want of work, and there is some now. */
  demand(): void {
    if (this.#pool.vacancies > 0 && this.#isWaiting()) this.#pool.replace();
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

/** What a daemon of this machine is told: it is the user's own, and runs whatever its host sends. */
function daemonOptions(options: ProfileOptions, nats: NatsOptions): NatsDaemonOptions {
  const { compute, start, maxTasks, idleTime, wallTime, grace, output } = options;
  const { servers, token, user, password, nkeyFile, credentialsFile, tls, connectTimeout, largest } = nats;
  const given = {
    token,
    user,
    password,
    nkeyFile,
    credentialsFile,
    tls,
    connectTimeout,
    largest,
    idleTime,
    wallTime,
  };
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...{
      servers,
      compute,
      grace,
      modules: ['*'],
      allowSource: true,
      tracing: start.tracing,
      output: output !== false,
    },
    ...(start.setup !== undefined && { setup: start.setup }),
    ...(maxTasks !== Number.POSITIVE_INFINITY && { maxTasks }),
  };
}
