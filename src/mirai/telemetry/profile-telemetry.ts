import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  type Link,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { Carrier, Endpoint, SpanIds } from '../protocol/messages.js';
import { endpointAttributes } from './attributes.js';
import { toCarrier } from './carrier.js';
import { isTracing } from './host-sdk.js';
import { contextOf } from './relayed-span.js';
import { tracer } from './scope.js';

/** The context of a call of `mirai()`. */
export interface CallTrace {
  readonly span: SpanContext;
  readonly carrier: Carrier;
}

/** The host's spans of a profile. */
export class ProfileTelemetry {
  readonly #endpoint: Endpoint;
  readonly #attributes: Attributes;
  #set: Link[] = [];

  constructor(endpoint: Endpoint, compute: string, dispatcher: boolean) {
    this.#endpoint = endpoint;
    this.#attributes = {
      ...endpointAttributes(endpoint),
      'mirai.dispatcher': dispatcher,
      'mirai.compute': compute,
    };
  }

  /** Records `daemons set`, to which all others are linked. */
  daemonsSet(parent: Context): Span {
    const options = { attributes: this.#attributes };
    const span = tracer().startSpan(`daemons set ${this.#endpoint.url}`, options, parent);
    span.end();
    this.#set = linkTo(span.spanContext());
    return span;
  }

  daemonsReset(parent: Context): void {
    const options = { attributes: this.#attributes, links: this.#set };
    tracer().startSpan(`daemons reset ${this.#endpoint.url}`, options, parent).end();
  }

  /** Starts a `mirai_map`. */
  startMap(): Span {
    return tracer().startSpan('mirai_map', { links: this.#set });
  }

  /** Records a `mirai`. @returns `undefined` without tracing */
  call(id: number, parent: Context = context.active()): CallTrace | undefined {
    if (!isTracing()) return undefined;
    const options = { kind: SpanKind.CLIENT, attributes: { 'mirai.id': id }, links: this.#set };
    const span = tracer().startSpan('mirai', options, parent);
    if (!isSpanContextValid(span.spanContext())) return undefined;
    const carrier = toCarrier(trace.setSpan(parent, span));
    span.end();
    return { span: span.spanContext(), carrier };
  }

  /** Records the `daemon disconnect` of a daemon that could not. */
  daemonLost(connect: SpanIds | undefined, lost: readonly SpanContext[]): void {
    if (!connect) return;
    const links = [...linkTo(contextOf(connect, undefined)), ...lost.flatMap(linkTo)];
    const options = { root: true, attributes: endpointAttributes(this.#endpoint), links };
    const span = tracer().startSpan(`daemon disconnect ${this.#endpoint.url}`, options);
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'daemonLost' });
    span.end();
  }
}

function linkTo(span: SpanContext): Link[] {
  return isSpanContextValid(span) ? [{ context: span }] : [];
}
