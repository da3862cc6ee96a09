import { isSmallJson } from './is-json.js';
import { deserialize, serialize } from './serialize.js';

/**
 * A value on its way, in the form that was measured to be the fastest for its kind. `plain` holds no objects but the array
 * around the arguments; `json` is some plain data as text; `bytes` is the rest of what can be copied, as V8 writes it;
 * `clone` is left to `postMessage()`, for what is large and binary, shared or moved.
 */
export type Payload =
  | { readonly form: 'plain'; readonly data: unknown }
  | { readonly form: 'json'; readonly data: string }
  | { readonly form: 'bytes'; readonly data: Uint8Array }
  | { readonly form: 'clone'; readonly data: unknown };

/** A payload with what sending it takes. */
export interface Packed {
  readonly payload: Payload;
  /** About how many bytes it is. */
  readonly bytes: number;
  /** What moves when it is posted. */
  readonly moves: readonly object[];
}

/** Objects from this size on are moved to their thread instead of copied once more. */
const worthMoving = 16 * 1024;

/**
 * Copies arguments as they are now.
 *
 * @param transfer what is moved out of the caller's hands
 * @param shares whether the other side shares memory with this one
 * @throws DataCloneError, or what a getter throws, if a value cannot be copied
 */
export function packArguments(
  args: readonly unknown[],
  transfer: readonly object[],
  shares: boolean,
): Packed {
  if (transfer.length > 0) return shares ? moveArguments(args, transfer) : copyOut(args, transfer);
  let bytes = 16;
  for (const arg of args) {
    if (typeof arg === 'string') bytes += 2 * arg.length;
    else if (isPrimitive(arg)) bytes += 8;
    else return packObjects(args, shares);
  }
  return { payload: { form: 'plain', data: args.slice() }, bytes, moves: [] };
}

function packObjects(args: readonly unknown[], shares: boolean): Packed {
  if (isSmallJson(args)) {
    const data = JSON.stringify(args);
    return { payload: { form: 'json', data }, bytes: data.length, moves: [] };
  }
  const large = shares ? args.reduce((sum: number, arg) => sum + sizeOf(arg), 0) : 0;
  if (large > worthMoving) {
    const data = structuredClone(args);
    return { payload: { form: 'clone', data }, bytes: large, moves: buffersOf(data) };
  }
  try {
    const data = serialize(args);
    return { payload: { form: 'bytes', data }, bytes: data.length, moves: [] };
  } catch (error) {
    if (!shares) throw error;
    return { payload: { form: 'clone', data: structuredClone(args) }, bytes: 64, moves: [] };
  }
}

/** Moves at once what is to be moved, so that the caller cannot change it any more. */
function moveArguments(args: readonly unknown[], transfer: readonly object[]): Packed {
  // Reason for the cast: what can be transferred is for structuredClone to say.
  const options = { transfer: transfer as ArrayBuffer[] };
  const { data, moves } = structuredClone({ data: args, moves: transfer }, options);
  const bytes = moves.reduce((sum, part) => sum + sizeOf(part), 64);
  return { payload: { form: 'clone', data }, bytes, moves };
}

function copyOut(args: readonly unknown[], transfer: readonly object[]): Packed {
  const data = serialize(args);
  // Reason for the cast: the same; their contents are in the copy, and are taken from the caller as in a thread.
  structuredClone(null, { transfer: transfer as ArrayBuffer[] });
  return { payload: { form: 'bytes', data }, bytes: data.length, moves: [] };
}

/** Copies a result. With `shares` it may be left to `postMessage()`, which can still refuse it. */
export function packResult(value: unknown, shares: boolean): Payload {
  if (isPrimitive(value)) return { form: 'plain', data: value };
  if (isSmallJson(value)) return { form: 'json', data: JSON.stringify(value) };
  if (shares && sizeOf(value) > worthMoving) return { form: 'clone', data: value };
  try {
    return { form: 'bytes', data: serialize(value) };
  } catch (error) {
    if (shares) return { form: 'clone', data: value };
    throw error;
  }
}

export function unpack({ form, data }: Payload): unknown {
  if (form === 'json') return JSON.parse(data);
  return form === 'bytes' ? deserialize(data) : data;
}

function isPrimitive(value: unknown): boolean {
  return (
    (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol') || value === null
  );
}

/** Bytes of a buffer or a view of one, 0 for any other value. */
function sizeOf(value: unknown): number {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? value.byteLength : 0;
}

function buffersOf(values: readonly unknown[]): ArrayBuffer[] {
  const buffers = values.map((value) => (ArrayBuffer.isView(value) ? value.buffer : value));
  return [...new Set(buffers)].filter((buffer) => buffer instanceof ArrayBuffer);
}
