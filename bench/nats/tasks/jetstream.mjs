// The worker of JetStream by hand: a task is acknowledged once its result is on the way.
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import * as work from './work.mjs';
import { plan, ready } from './worker-process.mjs';

const tasks = { ...work };
const connection = await connect({ servers: plan.nats });
const consumer = await jetstream(connection).consumers.get(plan.stream, plan.consumer);

if (plan.pull === 'consume') {
  const messages = await consumer.consume();
  ready();
  for await (const message of messages) await run(message);
} else {
  ready();
  for (;;) {
    const message = await consumer.next();
    if (message !== null) await run(message);
  }
}

async function run(message) {
  const { id, inbox, name, args } = message.json();
  const value = await tasks[name](...args);
  connection.publish(inbox, JSON.stringify({ id, value }));
  message.ack();
}
