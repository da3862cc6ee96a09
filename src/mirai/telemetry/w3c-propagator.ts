import {
  type BaggageEntry,
  baggageEntryMetadataFromString,
  type Context,
  createTraceState,
  isSpanContextValid,
  propagation,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from '@opentelemetry/api';

const fields = ['traceparent', 'tracestate', 'baggage'];

const traceparent = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;

/**
 * W3C Trace Context and W3C Baggage. Daemons without an SDK of their own have no other propagator, and hosts whose
 * propagator writes no `traceparent` send this one too.
 */
export const w3cPropagator: TextMapPropagator = {
  fields: () => fields,

  inject<C>(context: Context, carrier: C, { set }: TextMapSetter<C>): void {
    const span = trace.getSpanContext(context);
    if (span && isSpanContextValid(span)) {
      const { traceId, spanId, traceFlags, traceState } = span;
      set(carrier, 'traceparent', `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`);
      const state = traceState?.serialize();
      if (state) set(carrier, 'tracestate', state);
    }
    const entries = propagation.getBaggage(context)?.getAllEntries() ?? [];
    if (entries.length > 0) set(carrier, 'baggage', entries.map(writeEntry).join(','));
  },

  extract<C>(context: Context, carrier: C, getter: TextMapGetter<C>): Context {
    const get = (key: string) => [getter.get(carrier, key)].flat().join(',');
    let extracted = context;
    const [, version, traceId, spanId, flags, rest] = traceparent.exec(get('traceparent').trim()) ?? [];
    if (version && version !== 'ff' && !(version === '00' && rest) && traceId && spanId && flags) {
      const state = get('tracestate');
      const ids = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
      const span = state ? { ...ids, traceState: createTraceState(state) } : ids;
      if (isSpanContextValid(span)) extracted = trace.setSpanContext(extracted, span);
    }
    const entries = get('baggage').split(',').flatMap(readEntry);
    if (entries.length === 0) return extracted;
    return propagation.setBaggage(extracted, propagation.createBaggage(Object.fromEntries(entries)));
  },
};

function writeEntry([key, { value, metadata }]: [string, BaggageEntry]): string {
  const suffix = metadata ? `;${metadata.toString()}` : '';
  return `${encodeURIComponent(key)}=${encodeURIComponent(value)}${suffix}`;
}

function readEntry(text: string): [string, BaggageEntry][] {
  const [pair = '', ...metadata] = text.split(';');
  const equals = pair.indexOf('=');
  if (equals < 1) return [];
  try {
    const key = decodeURIComponent(pair.slice(0, equals).trim());
    const value = decodeURIComponent(pair.slice(equals + 1).trim());
    if (metadata.length === 0) return [[key, { value }]];
    return [[key, { value, metadata: baggageEntryMetadataFromString(metadata.join(';')) }]];
  } catch {
    return []; // malformed escapes: W3C Baggage has a receiver ignore the entry
  }
}
