import { Deserializer, Serializer } from 'node:v8';

/**
 * As structured clone does: unlike by `serialize()` of `node:v8`, views come with buffers of their own, several of one
 * buffer share it, and shared memory is refused.
 *
 * @throws if the value cannot be copied
 */
export function serialize(value: unknown): Buffer {
  const serializer = new Serializer();
  serializer.writeHeader();
  serializer.writeValue(value);
  return serializer.releaseBuffer();
}

/** @throws if it is not what `serialize()` gave */
export function deserialize(bytes: Uint8Array): unknown {
  const deserializer = new Deserializer(bytes);
  deserializer.readHeader();
  return deserializer.readValue();
}
