// The built package, by its own name: as its root package resolves it.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const { resolve } = createRequire(new URL('../../package.json', import.meta.url));

export const { daemons, importTasks, mirai } = await importBuilt('otel-promise-domain/mirai');
export const { nats } = await importBuilt('otel-promise-domain/mirai/nats');

function importBuilt(name) {
  return import(pathToFileURL(resolve(name)));
}
