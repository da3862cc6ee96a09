import {
  type Daemons,
  daemons,
  type Engine,
  launchRemote,
  mirai,
  sshConfig,
} from 'otel-promise-domain/mirai';
import {
  collectMirai,
  type NatsDaemon,
  type NatsOptions,
  type NatsStatus,
  nats,
  natsStatus,
  startNatsDaemon,
} from 'otel-promise-domain/mirai/nats';
import { exactly } from '../types/exactly.js';

const options: NatsOptions = { servers: ['nats://127.0.0.1:4222'], delivery: 'at-least-once', durable: true };
const engine = nats(options);
exactly<Engine>()(engine);
exactly<Promise<Daemons>>()(daemons({ engine }));
exactly<Promise<Daemons>>()(daemons(2, { engine, compute: 'far' }));

const task = mirai((a: number, b: number) => a + b, [1, 2], { idempotencyKey: 'sum' });
exactly<string | undefined>()(task.key);
export const collected: PromiseLike<number> = collectMirai<number>('sum', { timeout: 1000 });

exactly<Promise<NatsDaemon>>()(startNatsDaemon({ servers: 'nats://127.0.0.1:4222', modules: ['./work.js'] }));
exactly<Promise<NatsStatus>>()(natsStatus({ servers: 'nats://127.0.0.1:4222', compute: 'far' }));
export const launched = launchRemote(sshConfig({ remotes: ['ssh://user@10.0.0.7'] }), 'far', {
  dryRun: true,
});

// @ts-expect-error: servers are not optional
nats({});
// @ts-expect-error: there is no such delivery
nats({ servers: 'nats://127.0.0.1:4222', delivery: 'exactly-once' });
// @ts-expect-error: without a number there has to be an engine
daemons({ compute: 'far' });
