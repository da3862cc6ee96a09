import { daemons, importTasks, mirai } from 'otel-promise-domain/mirai';

const [name, output, servers] = process.argv.slice(2);
const engine = servers ? (await import('otel-promise-domain/mirai/nats')).nats({ servers }) : name;
const { speakBoth } = importTasks(new URL('../tasks/speak.mjs', import.meta.url));

await daemons(2, { engine, output: output === 'true' });
// Both wait for each other, so that they speak at the same time, and each on a daemon of its own.
const server = await import('../tasks/meeting.mjs').then(({ openMeeting }) => openMeeting(2));
await Promise.all(['a', 'b'].map((who) => mirai(speakBoth, [server.port, who])));
server.close();
await daemons(0);
