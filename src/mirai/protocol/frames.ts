import { deserialize, serialize } from './serialize.js';

const headerSize = 4;

/** A message or several as bytes that say how long they are: 4 bytes of length, then the value as `node:v8` writes it. */
export function toFrame(value: unknown): Buffer {
  const body = serialize(value);
  const frame = Buffer.allocUnsafe(headerSize + body.length);
  frame.writeUInt32LE(body.length, 0);
  frame.set(body, headerSize);
  return frame;
}

/** Puts frames together again from the pieces in which they come. */
export class FrameReader {
  #pieces: Buffer[] = [];
  #size = 0;

  /** @returns the values that are complete */
  read(piece: Buffer): unknown[] {
    this.#pieces.push(piece);
    this.#size += piece.length;
    const values: unknown[] = [];
    for (let length = this.#length(); this.#size >= headerSize + length; length = this.#length()) {
      const bytes = this.#join();
      values.push(deserialize(bytes.subarray(headerSize, headerSize + length)));
      this.#pieces = [bytes.subarray(headerSize + length)];
      this.#size -= headerSize + length;
    }
    return values;
  }

  /** Of the first frame, without its header; `Infinity` where that is not there yet. */
  #length(): number {
    if (this.#size < headerSize) return Number.POSITIVE_INFINITY;
    if ((this.#pieces[0]?.length ?? 0) < headerSize) this.#join();
    return this.#pieces[0]?.readUInt32LE(0) ?? Number.POSITIVE_INFINITY;
  }

  #join(): Buffer {
    const [first = Buffer.alloc(0), ...rest] = this.#pieces;
    const bytes = rest.length > 0 ? Buffer.concat(this.#pieces) : first;
    this.#pieces = [bytes];
    return bytes;
  }
}
