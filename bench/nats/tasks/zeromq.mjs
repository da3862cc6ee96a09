// The dealer: what it receives before a message has been answered waits in the queue of its socket.
import { Dealer } from 'zeromq';
import * as work from './work.mjs';
import { plan, ready } from './worker-process.mjs';

const tasks = { ...work };
const dealer = new Dealer({ routingId: plan.id, sendHighWaterMark: 0, receiveHighWaterMark: 0 });
dealer.connect(plan.address);
await dealer.send('ready');
ready();

for await (const [message] of dealer) {
  const { id, name, args } = JSON.parse(message);
  await dealer.send(JSON.stringify({ id, value: await tasks[name](...args) }));
}
