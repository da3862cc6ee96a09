/** A place in bytes that somebody else has written. Whatever would be past their end is refused. */
export class ByteCursor {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    return this.#bytes[this.#at++] ?? this.refuse('an early end');
  }

  /** The next byte that is not 0, which V8 skips before a tag, and nowhere else. */
  tag(): number {
    let tag = this.byte();
    while (tag === 0) tag = this.byte();
    return tag;
  }

  /** Goes past the next tag if it is this one. */
  passes(tag: number): boolean {
    let at = this.#at;
    while (this.#bytes[at] === 0) at++;
    if (this.#bytes[at] !== tag) return false;
    this.#at = at + 1;
    return true;
  }

  /** 7 bits a byte, the lowest first. Beyond 32 bits the versions of V8 differ in how many bytes they read: refused. */
  varint(): number {
    let byte = this.byte();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let shift = 7; shift <= 28; shift += 7) {
      byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80 && (shift < 28 || byte < 0x10)) return value >>> 0;
    }
    return this.refuse('a number of more than 32 bits');
  }

  /** @returns where they begin */
  skip(length: number): number {
    if (length > this.left) this.refuse(`a length of ${length}`);
    this.#at += length;
    return this.#at - length;
  }

  double(): number {
    const at = this.skip(8);
    const [value = 0] = new Float64Array(Uint8Array.from(this.#bytes.subarray(at, at + 8)).buffer);
    return value;
  }

  /**
   * Reads text as the index of an element that V8 takes it for.
   *
   * @param width bytes of a character
   * @returns -1 if it is none
   */
  index(length: number, width: 1 | 2): number {
    const at = this.skip(length);
    const digits = length / width;
    let index = -1;
    for (let n = 0; n < digits; n++) {
      const digit = this.#character(at + n * width, width) - 48;
      // No other decimal number begins with 0; none of an element has more than 10 digits.
      if (digit < 0 || digit > 9 || index === 0 || n === 10) return -1;
      index = Math.max(index, 0) * 10 + digit;
    }
    return index;
  }

  /** The byte order of two is that of the machine: it is enough that one of them is 0. */
  #character(at: number, width: 1 | 2): number {
    const first = this.#bytes[at] ?? 0;
    if (width === 1) return first;
    const second = this.#bytes[at + 1] ?? 0;
    return first === 0 || second === 0 ? first + second : -1;
  }

  /** @throws TypeError always */
  refuse(got: string): never {
    throw new TypeError(
      `deserialize: bytes must be a value as V8 writes it (got ${got} before byte ${this.#at})`,
    );
  }
}
