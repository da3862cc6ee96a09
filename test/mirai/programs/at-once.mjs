import { daemons } from 'otel-promise-domain/mirai';

// The host ends before its daemons are there.
const [engine, how] = process.argv.slice(2);

void daemons(2, { engine }).catch(() => {});
if (how === 'exit') setImmediate(() => process.exit(7));
if (how === 'throw')
  setImmediate(() => {
    throw new Error('the host is broken');
  });
