// The worker of request/reply by hand.
import { connect } from '@nats-io/transport-node';
import * as work from './work.mjs';
import { plan, ready } from './worker-process.mjs';

const tasks = { ...work };
const connection = await connect({ servers: plan.nats });

connection.subscribe(plan.subject, {
  queue: 'workers',
  async callback(error, message) {
    if (error) throw error;
    const { name, args } = message.json();
    message.respond(JSON.stringify(await tasks[name](...args)));
  },
});
await connection.flush();
ready();
