import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
  trace,
} from '@opentelemetry/api';
import type { Carrier } from '../protocol/messages.js';
import { w3cPropagator } from './w3c-propagator.js';

/** Version 00 of W3C Trace Context, as far as all of it has its place. */
const lengths = { traceparent: 55, traceId: [3, 35], spanId: [36, 52], flags: [53, 55] } as const;

/** The context as headers: those of the registered propagator, and those of W3C where it wrote none. */
export function toCarrier(context: Context): Carrier {
  const carrier: Record<string, string> = {};
  propagation.inject(context, carrier);
  if (carrier.traceparent === undefined) w3cPropagator.inject(context, carrier, defaultTextMapSetter);
  for (const name in carrier) if (name !== 'traceparent') return carrier;
  const { traceparent = '' } = carrier;
  return traceparent.startsWith('00-') && traceparent.length === lengths.traceparent ? traceparent : carrier;
}

/** The context of headers: by the registered propagator, and by W3C where that one finds no span in them. */
export function fromCarrier(carrier: Carrier): Context {
  if (typeof carrier === 'string') return fromTraceparent(carrier);
  const context = propagation.extract(ROOT_CONTEXT, carrier);
  return trace.getSpanContext(context)
    ? context
    : w3cPropagator.extract(context, carrier, defaultTextMapGetter);
}

function fromTraceparent(header: string): Context {
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId: header.slice(...lengths.traceId),
    spanId: header.slice(...lengths.spanId),
    traceFlags: Number.parseInt(header.slice(...lengths.flags), 16) & 1,
    isRemote: true,
  });
}
