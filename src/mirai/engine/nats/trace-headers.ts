import { headers, type MsgHdrs } from '@nats-io/transport-node';
import type { Carrier } from '../../protocol/messages.js';

/** Headers that are not of a propagator. */
const own = /^nats-/i;

/** The context of a span as headers of a message. */
export function toHeaders(trace: Carrier): MsgHdrs {
  const result = headers();
  if (typeof trace === 'string') result.set('traceparent', trace);
  else for (const [name, value] of Object.entries(trace)) result.set(name, value);
  return result;
}

/** The context that came with a message. */
export function traceOf(received: MsgHdrs | undefined): Carrier | undefined {
  if (!received) return undefined;
  const carrier: Record<string, string> = {};
  for (const name of received.keys()) if (!own.test(name)) carrier[name.toLowerCase()] = received.get(name);
  const names = Object.keys(carrier);
  if (names.length === 0) return undefined;
  const { traceparent } = carrier;
  return names.length === 1 && traceparent?.length === 55 && traceparent.startsWith('00-')
    ? traceparent
    : carrier;
}
