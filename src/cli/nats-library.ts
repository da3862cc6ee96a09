import { exitCodes, Failure } from './exit.js';

/** The latest that asks for no newer Node.js than this package. */
const version = '3.3.1';

type NatsLibrary = typeof import('../mirai/engine/nats/index.js');

/** Loads the engine only when it is needed: help is there without the packages that it needs, which are optional. */
export async function natsLibrary(): Promise<NatsLibrary> {
  try {
    return await import('../mirai/engine/nats/index.js');
  } catch (error) {
    if (!isMissingPackage(error)) throw error;
    throw new Failure(
      exitCodes.failed,
      'the packages that connect to NATS are not installed here; install them with\n' +
        `  npm install ${['transport-node', 'jetstream', 'kv', 'obj'].map((name) => `@nats-io/${name}@${version}`).join(' ')}`,
      { cause: error },
    );
  }
}

function isMissingPackage(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === 'ERR_MODULE_NOT_FOUND' && error.message.includes("'@nats-io/");
}
