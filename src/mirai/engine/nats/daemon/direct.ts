import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { group, type Names } from '../names.js';
import { publishTo } from '../publish.js';
import { traceOf } from '../trace-headers.js';
import { toFrame } from '../wire/frame.js';
import type { Delivery, Source } from './delivery.js';

/** Takes the tasks that are delivered at most once: the server picks a daemon, and one that is busy hands them back. */
export function takeDirectly(
  connection: NatsConnection,
  names: Names,
  daemon: string,
  take: (delivery: Delivery) => void,
): Source {
  const busy = (host: string, id: number) =>
    publishTo(connection, names.toHost(host), toFrame({ v: 1, kind: 'busy', daemon, id }));
  const callback = (_: Error | null, message: Msg) => {
    const delivery: Delivery = {
      bytes: message.data,
      trace: traceOf(message.headers),
      count: 1,
      sequence: undefined,
      working: () => undefined,
      ack: () => undefined,
      giveBack: busy,
      drop: () => undefined,
    };
    take(delivery);
  };
  const subscription = connection.subscribe(names.direct, { queue: group, callback });
  return {
    fill: () => undefined,
    look: () => undefined,
    reconnected: () => undefined,
    back: () => undefined,
    // What is on its way is still handed back.
    stop: () => subscription.drain(),
  };
}
