import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { diag } from '@opentelemetry/api';
import * as v from 'valibot';
import { type Frame, fromFrame } from '../wire/frame.js';
import { type HostHead, hostHead } from '../wire/from-host.js';

export type Hello = Extract<HostHead, { kind: 'hello' }>;
export type EpochHead = Extract<HostHead, { kind: 'epoch' }>;

interface HostEvents {
  everywhere(frame: Frame): void;
  confirmed(host: string, n: number): void;
  /** @param ids all tasks of the host where there are none */
  cancelled(host: string, ids: readonly number[] | undefined): void;
  hello(head: Hello): void;
  epoch(head: EpochHead): void;
}

/** Takes in what hosts say to a daemon, apart from tasks. */
export function listenToHosts(
  connection: NatsConnection,
  subjects: readonly string[],
  events: HostEvents,
): void {
  const take = ({ data }: Msg) => {
    const frame = fromFrame(data);
    if (isEverywhere(frame)) return events.everywhere(frame);
    const head = v.parse(hostHead, frame.head);
    if (head.kind === 'confirmed') for (const n of head.ns) events.confirmed(head.host, n);
    else if (head.kind === 'cancel') events.cancelled(head.host, head.ids);
    else if (head.kind === 'epoch') events.epoch(head);
    else events.hello(head);
  };
  const callback = (_: Error | null, message: Msg) => {
    try {
      take(message);
    } catch (error) {
      diag.warn('mirai: a message that is none of a host was dropped', error);
    }
  };
  for (const subject of subjects) connection.subscribe(subject, { callback });
}

function isEverywhere({ head }: Frame): boolean {
  return typeof head === 'object' && head !== null && 'kind' in head && head.kind === 'everywhere';
}
