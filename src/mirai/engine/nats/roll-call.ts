import { createInbox, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { statsSubject } from './daemon/service.js';

/** How long daemons have to answer, in ms: the first one, and all of them. */
const first = 1000;
const all = 3000;

/**
 * Asks all daemons of a profile how they are.
 *
 * @param next how long each may answer after another, in ms
 * @returns resolves when no more answers are to be expected: at once where nobody is there
 */
export function rollCall(
  connection: NatsConnection,
  service: string,
  next: number,
  answered: (message: Msg) => void,
): Promise<void> {
  if (connection.isClosed() || connection.isDraining()) return Promise.resolve();
  const reply = createInbox();
  const end = performance.now() + all;
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      subscription.unsubscribe();
      resolve();
    };
    let timer = setTimeout(done, first);
    const callback = (_: Error | null, message: Msg) => {
      clearTimeout(timer);
      if (message.headers?.code === 503) return done();
      answered(message);
      timer = setTimeout(done, Math.min(next, end - performance.now()));
    };
    const subscription = connection.subscribe(reply, { callback });
    connection.publish(statsSubject(service), '', { reply });
  });
}
