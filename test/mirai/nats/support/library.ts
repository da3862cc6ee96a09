import { createRequire } from 'node:module';

type Nats = typeof import('otel-promise-domain/mirai/nats');

const require = createRequire(import.meta.url);

/** The entry as Node loads it, beside the same copy of the task runtime as `../../support/library.ts` has. */
export const { collectMirai, nats, natsStatus, startNatsDaemon } =
  require('otel-promise-domain/mirai/nats') as Nats; // cast: `require` knows no types
