import * as v from 'valibot';
import type { Payload } from '../../../protocol/codec.js';
import type { RemoteError } from '../../../protocol/remote-error.js';
import { deserialize } from '../../../protocol/serialize.js';
import { checkBounds } from '../../../protocol/v8-bounds.js';

/** Errors that an error has as causes, and as parts of an `AggregateError`, at most. */
const mostParts = 1000;

/** Properties that say what an object is, or what has failed: they are for this side to set. */
const reserved = new Set(['__proto__', 'constructor', 'prototype', 'then', 'toString', 'toJSON']);

/** Codes of the errors of this library. */
const ownCodes = new Set(['miraiError', 'miraiInterrupt', 'miraiTimeout', 'daemonLost', 'noDaemons']);

const primitive = v.union([v.string(), v.number(), v.boolean(), v.bigint(), v.null(), v.undefined()]);

const payload: v.GenericSchema<Payload> = v.variant('form', [
  v.strictObject({ form: v.literal('plain'), data: primitive }),
  v.strictObject({ form: v.literal('json'), data: v.string() }),
  v.strictObject({
    form: v.literal('bytes'),
    data: v.pipe(
      v.instance(Uint8Array),
      v.check((bytes) => isBounded(bytes)),
    ),
  }),
]);

const error: v.GenericSchema<RemoteError> = v.variant('kind', [
  v.strictObject({ kind: v.literal('value'), shown: v.string(), value: v.union([payload, v.undefined()]) }),
  v.strictObject({
    kind: v.literal('error'),
    name: v.string(),
    message: v.string(),
    stack: v.union([v.string(), v.undefined()]),
    cause: v.optional(v.lazy(() => error)),
    errors: v.optional(v.array(v.lazy(() => error))),
    properties: v.array(v.strictTuple([v.string(), payload])),
  }),
]) as v.GenericSchema<RemoteError>; // cast: `exactOptionalPropertyTypes`; an optional entry is absent, not undefined

/** An error that came by the network, without the properties by which it could pass for one of this side. @throws if it is none */
export function readError(body: Uint8Array): RemoteError {
  checkBounds(body);
  const remote = deserialize(body);
  checkParts(remote);
  return withoutReserved(v.parse(error, remote));
}

function isBounded(bytes: Uint8Array): boolean {
  checkBounds(bytes);
  return true;
}

/** One that has the same part in many places would be copied as often. @throws TypeError if it is of too many */
function checkParts(remote: unknown): void {
  const waiting = [remote];
  for (let count = 0; waiting.length > 0; count++) {
    if (count > mostParts) throw new TypeError(`an error of more than ${mostParts} parts`);
    const part = waiting.pop();
    if (typeof part !== 'object' || part === null) continue;
    if ('cause' in part) waiting.push(part.cause);
    if ('errors' in part && Array.isArray(part.errors)) waiting.push(...part.errors.slice(0, mostParts));
  }
}

function withoutReserved(remote: RemoteError): RemoteError {
  if (remote.kind === 'value') return remote;
  const { cause, errors, properties } = remote;
  return {
    ...remote,
    ...(cause && { cause: withoutReserved(cause) }),
    ...(errors && { errors: errors.map(withoutReserved) }),
    properties: properties.filter(
      ([key, { data }]) => !reserved.has(key) && !(key === 'code' && ownCodes.has(String(data))),
    ),
  };
}
