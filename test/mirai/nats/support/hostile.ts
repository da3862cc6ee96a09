import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { onTestFinished } from 'vitest';
import { fromFrame, toFrame } from '../../../../src/mirai/engine/nats/wire/frame.js';
import { eventually } from './eventually.js';

/** Of the profile `default`. */
export const subjects = {
  taskOf: (host: string) => `mirai.default.task.${host}`,
  directOf: (host: string) => `mirai.default.direct.${host}`,
  toHost: (host: string) => `mirai.default.host.${host}`,
  toHosts: 'mirai.default.hosts',
  toDaemon: (daemon: string) => `mirai.default.daemon.${daemon}`,
  toDaemons: 'mirai.default.daemons',
};

/** A connection by which a test says whatever it likes. */
async function strangerAt(url: string): Promise<NatsConnection> {
  const connection = await connect({ servers: url });
  onTestFinished(() => connection.close());
  return connection;
}

export interface StolenTask {
  head: { host: string; id: number };
  /** Sends the host a message about it, which says what a true one would where `head` does not. */
  answer(head: object, body?: Uint8Array | string): Promise<void>;
}

/** Takes tasks of the profile as a daemon would, and leaves their ends to the test. */
export async function hostileDaemon(url: string) {
  const connection = await strangerAt(url);
  const manager = await jetstreamManager(connection);
  const consumer = await jetstream(connection).consumers.get('MIRAI_default', 'daemons');
  let n = 0;
  const send = async (host: string, head: object, body?: Uint8Array | string) => {
    n += 1;
    const shared = { v: 1, daemon: 'hostile', n };
    connection.publish(subjects.toHost(host), toFrame({ ...shared, ...head }, body));
    await connection.flush();
  };
  return {
    connection,
    manager,
    send,
    async next(): Promise<StolenTask> {
      const message = await consumer.next({ expires: 20_000 });
      if (!message) throw new Error('no task came');
      message.ack();
      const head = fromFrame(message.data).head as StolenTask['head']; // cast: this library's own host has made it
      const slot = { id: 1, pid: 1, threadId: 1 };
      const base = { id: head.id, slot, ran: 1, waited: 1, form: 'json' };
      return { head, answer: (more, body) => send(head.host, { ...base, ...more }, body) };
    },
  };
}

/** What a host of its own has to say to the daemons of the profile, and what they answer; it confirms that when it is to. */
export async function hostileHost(url: string, id: string, confirmsAtOnce = true) {
  const connection = await strangerAt(url);
  let confirms = confirmsAtOnce;
  const confirm = (known: Record<string, unknown>) => {
    if (typeof known.n !== 'number' || typeof known.daemon !== 'string') return;
    const confirmed = toFrame({ v: 1, kind: 'confirmed', host: id, ns: [known.n] });
    connection.publish(subjects.toDaemon(known.daemon), confirmed);
  };
  const answers: { head: Record<string, unknown>; body: Uint8Array }[] = [];
  connection.subscribe(subjects.toHost(id), {
    callback: (_, message) => {
      const { head, body } = fromFrame(message.data);
      // Reason for the cast: this library's own daemon has made it.
      const known = head as Record<string, unknown>;
      answers.push({ head: known, body });
      if (confirms) confirm(known);
    },
  });
  return {
    connection,
    answers,
    /** What has come, and what is still to come. */
    confirm() {
      confirms = true;
      for (const { head } of answers) confirm(head);
    },
    submit(head: object, body: Uint8Array | string = '[]') {
      const shared = {
        v: 1,
        kind: 'task',
        host: id,
        id: 1,
        form: 'json',
        submitted: Date.now(),
        epoch: 0,
        deliveries: 5,
      };
      connection.publish(subjects.taskOf(id), toFrame({ retries: 0, ...shared, ...head }, body));
    },
    /** The end of the task of this number. */
    async endOf(task: number) {
      const ends = ['result', 'failure', 'lost'];
      const find = () => answers.find(({ head }) => head.id === task && ends.includes(String(head.kind)));
      await eventually(() => find() !== undefined);
      return find();
    },
  };
}
