import type { Attributes, HrTime, SpanKind, SpanStatus } from '@opentelemetry/api';
import type { SpanIds } from './messages.js';

/** A finished span as it travels to the host. */
export interface SpanRecord {
  readonly name: string;
  readonly kind: SpanKind;
  readonly context: SpanIds;
  readonly traceState: string | undefined;
  readonly parent: SpanIds | undefined;
  readonly start: HrTime;
  readonly end: HrTime;
  readonly status: SpanStatus;
  readonly attributes: Attributes;
  readonly links: readonly { context: SpanIds; attributes?: Attributes; droppedAttributesCount: number }[];
  readonly events: readonly {
    name: string;
    time: HrTime;
    attributes?: Attributes;
    droppedAttributesCount: number;
  }[];
  readonly dropped: { attributes: number; links: number; events: number };
  readonly scope: { name: string; version?: string; schemaUrl?: string };
}
