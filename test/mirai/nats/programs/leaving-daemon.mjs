import { startNatsDaemon } from 'otel-promise-domain/mirai/nats';

// A daemon that leaves when it is told to by a signal; nothing ends this program but that it has nothing to do any more.
const [servers] = process.argv.slice(2);
const daemon = await startNatsDaemon({ servers });
process.once('SIGTERM', () => void daemon.leave());
console.log('ready');
console.log(`left: ${await daemon.left}`);
