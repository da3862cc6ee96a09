import { randomUUID } from 'node:crypto';

const slot = { id: 1, pid: 1, threadId: 1 };
const ids = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
const span = {
  name: 'forged',
  kind: 0,
  context: ids,
  start: [1, 1],
  end: [2, 2],
  status: { code: 0 },
  attributes: { a: 1, b: [true, null] },
  links: [{ context: ids, droppedAttributesCount: 0 }],
  events: [{ name: 'event', time: [1, 1], droppedAttributesCount: 0 }],
  dropped: { attributes: 0, links: 0, events: 0 },
  scope: { name: 'scope' },
};

/** Heads of messages as hosts send them to daemons; what they name is not allowed, or does no harm. */
export function headsOfHosts(host: string, forbidden: string, harmless: string): object[] {
  const task = {
    v: 1,
    kind: 'task',
    host,
    id: 1,
    retries: 0,
    deliveries: 5,
    form: 'bytes',
    submitted: 1,
    epoch: 0,
  };
  const source = { kind: 'module', url: forbidden, name: 'touch' };
  const code = { kind: 'source', source: `() => import(${JSON.stringify(forbidden)})` };
  const echo = { kind: 'module', url: harmless, name: 'echo' };
  return [
    { ...task, source },
    { ...task, source: code },
    { ...task, source: { ...source, url: 'mirai:touch' } },
    { ...task, source, key: randomUUID(), once: true, inMap: true, cleanup: true, random: [1, 2, 3, 4] },
    { ...task, source, large: { name: 'nothing', size: 10 } },
    { ...task, source: echo },
    { ...task, source: echo, form: 'json' },
    { v: 1, kind: 'everywhere', host, ids: [1, 2], form: 'bytes', source, submitted: 1, epoch: 1 },
    { v: 1, kind: 'confirmed', host, ns: [1, 2, 3] },
    { v: 1, kind: 'cancel', host, ids: [1e6, 1e6 + 1] },
    { v: 1, kind: 'cancel', host },
    { v: 1, kind: 'epoch', host, epoch: 1, ids: [1, 2, 3] },
    { v: 1, kind: 'hello', host, tracing: true, time: 1, ackWait: 600 },
  ];
}

/** Heads of messages as daemons send them to hosts, of tasks that there are not. */
export function headsOfDaemons(daemon: string): object[] {
  const kept = { v: 1, daemon, n: 1 };
  const ended = { ...kept, id: 1e6, slot, ran: 1, waited: 1, form: 'bytes' };
  return [
    { ...ended, kind: 'result', eval: ['b7ad6b7169203331', 1, 2, 3, 4], spans: [span] },
    { ...ended, kind: 'result', form: 'json', large: { name: 'nothing', size: 10 } },
    { ...ended, kind: 'failure' },
    { ...kept, kind: 'lost', id: 1e6, message: 'forged', refused: true },
    { v: 1, daemon, kind: 'started', id: 1e6, slot, delivery: 1 },
    { v: 1, daemon, kind: 'progress', id: 1e6, fraction: 0.5 },
    { v: 1, daemon, kind: 'busy', id: 1e6 },
    { ...kept, kind: 'spans', slot, spans: [span] },
    { ...kept, kind: 'slotLost', connect: ids, tasks: [1e6] },
    { v: 1, daemon, kind: 'behind', epoch: 0 },
    presence(daemon),
    { type: 'io.nats.micro.v1.stats_response', name: 'mirai_default', id: daemon, data: presence(daemon) },
  ];
}

function presence(daemon: string): object {
  return {
    v: 1,
    kind: 'presence',
    daemon,
    hostname: 'forged',
    pid: 1,
    engine: 'threads',
    startedAt: '2000-01-01T00:00:00.000Z',
    state: 'leaving',
    slots: [{ ...slot, state: 'idle', completed: 0 }],
  };
}
