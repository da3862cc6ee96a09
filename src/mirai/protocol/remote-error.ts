import { MiraiError } from '../errors.js';
import { type Payload, packResult, unpack } from './codec.js';
import { attempt, describe, isError } from './describe.js';

/** What a task threw, as it travels: an error by its parts, any other value as it is where it can be copied. */
export type RemoteError =
  | {
      readonly kind: 'error';
      readonly name: string;
      readonly message: string;
      readonly stack: string | undefined;
      readonly cause?: RemoteError;
      /** Of an `AggregateError`. */
      readonly errors?: readonly RemoteError[];
      readonly properties: readonly (readonly [string, Payload])[];
    }
  | { readonly kind: 'value'; readonly shown: string; readonly value: Payload | undefined };

/** Chains of causes are cut after this many. */
const deepest = 16;

const ownParts = new Set(['name', 'message', 'stack', 'cause', 'errors']);

/**
 * Takes apart whatever was thrown. Never throws itself, whatever the getters of the value do.
 *
 * @param within the errors of which this one is a part
 */
export function packError(
  thrown: unknown,
  trim: (stack: string) => string,
  within: readonly unknown[] = [],
): RemoteError {
  if (!isError(thrown))
    return { kind: 'value', shown: describe(thrown), value: attempt(() => packCopy(thrown)) };
  const isPart = within.length < deepest && !within.includes(thrown);
  const parts = isPart ? attempt(() => packParts(thrown, trim, within)) : undefined;
  return parts ?? { kind: 'value', shown: describe(thrown), value: undefined };
}

/** @throws if the value cannot be copied, or its copy cannot be read */
function packCopy(value: unknown): Payload {
  const payload = packResult(value, false);
  unpack(payload);
  return payload;
}

function packParts(error: Error, trim: (stack: string) => string, before: readonly unknown[]): RemoteError {
  const within = [...before, error];
  // Each on its own, for it may be a getter that throws. Reason for the cast: `errors` is of AggregateError.
  const read = (key: 'name' | 'message' | 'stack' | 'cause' | 'errors') =>
    attempt(() => (error as Error & { errors?: unknown })[key]);
  const [name, message, stack, errors] = [read('name'), read('message'), read('stack'), read('errors')];
  const properties: [string, Payload][] = [];
  for (const key of Object.keys(error)) {
    // Reason for the cast: an own key.
    const value = ownParts.has(key) ? undefined : attempt(() => packCopy(error[key as keyof Error]));
    if (value) properties.push([key, value]);
  }
  return {
    kind: 'error',
    name: typeof name === 'string' ? name : 'Error',
    message: typeof message === 'string' ? message : describe(message),
    stack: typeof stack === 'string' ? trim(stack) : undefined,
    ...('cause' in error && { cause: packError(read('cause'), trim, within) }),
    ...(Array.isArray(errors) && { errors: errors.map((each) => packError(each, trim, within)) }),
    properties,
  };
}

/** The error that the promise of the task rejects with. */
export function reviveError(remote: RemoteError): MiraiError {
  if (remote.kind === 'error') return define(new MiraiError(remote.message), remote);
  const { shown, value } = remote;
  const message = `the task threw ${shown}, which is no Error`;
  const error = new MiraiError(message, { cause: value ? unpack(value) : shown });
  error.stack = `${error.name}: ${message}`; // where the host is at this moment says nothing
  return error;
}

type RemoteParts = Extract<RemoteError, { kind: 'error' }>;

function define<E extends Error>(error: E, { name, stack, cause, errors, properties }: RemoteParts): E {
  const hidden = (value: unknown) => ({ value, writable: true, configurable: true, enumerable: false });
  Object.defineProperty(error, 'name', hidden(name));
  Object.defineProperty(error, 'stack', hidden(stack));
  if (cause) Object.defineProperty(error, 'cause', hidden(revivePart(cause)));
  if (errors) Object.defineProperty(error, 'errors', hidden(errors.map(revivePart)));
  for (const [key, value] of properties) {
    Object.defineProperty(error, key, { ...hidden(unpack(value)), enumerable: true });
  }
  return error;
}

/** A cause, or one of several errors: a plain `Error` with the parts of the original, or the value. */
function revivePart(remote: RemoteError): unknown {
  if (remote.kind === 'error') return define(new Error(remote.message), remote);
  return remote.value ? unpack(remote.value) : remote.shown;
}
