import type { Payload } from '../../../protocol/codec.js';
import { isSmallJson } from '../../../protocol/is-json.js';
import { serialize } from '../../../protocol/serialize.js';
import { checkBounds } from '../../../protocol/v8-bounds.js';

/** How the body of a message is to be read: as JSON text, or as V8 writes it. */
export type Form = 'json' | 'bytes';

/** A value as the body of a message. */
export interface WireValue {
  readonly form: Form;
  readonly body: Uint8Array | string;
}

/** @throws DataCloneError if the value cannot be copied */
export function toWire(payload: Payload): WireValue {
  if (payload.form === 'json') return { form: 'json', body: payload.data };
  if (payload.form === 'bytes') return { form: 'bytes', body: payload.data };
  const { data } = payload;
  if (isSmallJson(data)) return { form: 'json', body: JSON.stringify(data) };
  return { form: 'bytes', body: serialize(data) };
}

/**
 * What `toWire()` was given, for whoever is to unpack it.
 *
 * @throws TypeError if unpacking it would take memory out of all proportion to its size
 */
export function fromWire(form: Form, body: Uint8Array): Payload {
  if (form === 'bytes') checkBounds(body);
  // A copy of its own: the body is a part of what the connection has read.
  return form === 'json'
    ? { form, data: Buffer.from(body).toString() }
    : { form, data: Uint8Array.from(body) };
}

export function sizeOf({ body }: WireValue): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.length;
}
