import { ByteCursor } from './byte-cursor.js';
import { type Container, ends, errorKinds, parts, shapes, tags, viewKinds } from './v8-format.js';

/** Objects within each other. V8 gives up before that, or after it where its stack was made larger. */
const deepest = 10_000;
/** Places for elements that may stay empty: so many, less than 64 MB in all, and so many more for each byte that came. */
const [freeHoles, freeGaps, perByte] = [1_000_000, 3_500_000, 8];
/** An element this far past the others makes V8 use a table instead of a list. */
const widestGap = 1024;

/** An object of which the end has not come yet. */
interface Frame {
  readonly shape: Container;
  readonly end: number;
  /** Values that come before the next key, or the end, can. */
  due: number;
  /** Elements for which V8 has made room. */
  room: number;
}

/**
 * Refuses what would make `deserialize()` take memory out of proportion to the bytes, or end the process: a list without
 * elements takes 5 bytes there and 240 MB in memory. Anything let through is read by V8 in the same way, or refused by it.
 * Takes memory only for the depth of the value.
 *
 * @throws TypeError if the bytes are none that `serialize()` writes, lists in them have too many holes, or objects are
 * nested too deep
 */
export function checkBounds(bytes: Uint8Array): void {
  const cursor = new ByteCursor(bytes);
  const isMarked = cursor.byte() === 0xff;
  const version = cursor.byte();
  if (!isMarked || version < 13 || version > 16) cursor.refuse('another format');
  new Walk(cursor, version, perByte * bytes.length).run();
  if (cursor.left > 0) cursor.refuse(`${cursor.left} bytes more`);
}

class Walk {
  readonly #cursor: ByteCursor;
  readonly #version: number;
  readonly #frames: Frame[] = [];
  #holes: number;
  #gaps: number;

  constructor(cursor: ByteCursor, version: number, earned: number) {
    this.#cursor = cursor;
    this.#version = version;
    this.#holes = freeHoles + earned;
    this.#gaps = freeGaps + earned;
  }

  run(): void {
    this.#value(this.#cursor.tag());
    for (let frame = this.#frames.at(-1); frame; frame = this.#frames.at(-1)) {
      if (frame.due > 0) this.#values(frame);
      else this.#next(frame);
    }
  }

  /** The values that are due, up to one that holds others. */
  #values(frame: Frame): void {
    const depth = this.#frames.length;
    while (frame.due > 0 && this.#frames.length === depth) {
      frame.due--;
      const tag = this.#cursor.tag();
      if (tag !== tags.hole || frame.shape !== 'dense') this.#value(tag);
    }
  }

  /** A key or what is instead of it, or the end. */
  #next(frame: Frame): void {
    const { shape, end } = frame;
    const tag = shape === 'error' ? this.#cursor.byte() : this.#cursor.tag();
    if (tag === end) {
      this.#frames.pop();
      if (shape !== 'error') this.#cursor.varint(); // how many there were, which V8 compares
      if (shape === 'dense' || shape === 'sparse') this.#cursor.varint();
    } else if (shape === 'error') {
      this.#errorPart(tag);
    } else if (shape === 'map' || shape === 'set') {
      if (shape === 'map') frame.due = 1;
      this.#value(tag);
    } else {
      this.#key(frame, tag);
      this.#value(this.#cursor.tag());
    }
  }

  #value(tag: number): void {
    const cursor = this.#cursor;
    const shape = shapes[tag];
    switch (shape) {
      case 'nothing':
        break;
      case 'varint':
        cursor.varint();
        break;
      case 'double':
        cursor.skip(8);
        break;
      case 'bytes':
      case 'pairs':
        this.#text(tag);
        break;
      case 'bigint':
        cursor.skip(Math.floor(cursor.varint() / 2)); // the lowest bit is the sign
        break;
      case 'string':
        this.#text(cursor.tag());
        break;
      case 'regexp':
        this.#text(cursor.tag());
        cursor.varint();
        break;
      case 'reference':
        cursor.varint();
        this.#view();
        break;
      case 'buffer':
        cursor.skip(cursor.varint());
        this.#view();
        break;
      case 'resizable': {
        const length = cursor.varint();
        cursor.varint(); // how long it may become: address space, no memory
        cursor.skip(length);
        this.#view();
        break;
      }
      case undefined:
        cursor.refuse(`the tag ${tag}`);
        break;
      default:
        this.#open(shape);
    }
  }

  #text(tag: number): void {
    const shape = shapes[tag];
    if (shape !== 'bytes' && shape !== 'pairs') this.#cursor.refuse(`the tag ${tag} where text is to be`);
    this.#cursor.skip(this.#cursor.varint());
  }

  /** A view has no place of its own: it takes the value before it, which V8 finds to be a buffer, or refuses. */
  #view(): void {
    const cursor = this.#cursor;
    if (!cursor.passes(tags.view)) return;
    // Where version 13 cannot be read, V8 reads it once more with flags, which would be another value than this one.
    if (this.#version === 13) cursor.refuse('a view of version 13');
    const kind = cursor.byte();
    if (!viewKinds.has(kind)) cursor.refuse(`a view of kind ${kind}`);
    for (let n = 0; n < 3; n++) cursor.varint();
  }

  #open(shape: Container): void {
    const cursor = this.#cursor;
    if (this.#frames.length >= deepest) cursor.refuse(`more than ${deepest} objects within each other`);
    const length = shape === 'dense' || shape === 'sparse' ? cursor.varint() : 0;
    // Every element takes a byte at least, so that lists within each other have no more elements in all than there are bytes.
    if (shape === 'dense' && length > cursor.left) cursor.refuse(`a length of ${length}`);
    if (shape === 'sparse') this.#holes -= length;
    if (this.#holes < 0) cursor.refuse(`lists with holes, one of them ${length} long,`);
    const room = shape === 'sparse' ? Math.max(length, 16) : length;
    this.#frames.push({ shape, end: ends[shape], due: shape === 'dense' ? length : 0, room });
  }

  #key(frame: Frame, tag: number): void {
    const cursor = this.#cursor;
    const shape = shapes[tag];
    let index = -1;
    if (shape === 'bytes') index = cursor.index(cursor.varint(), 1);
    else if (shape === 'pairs') index = cursor.index(cursor.varint(), 2);
    else if (tag === tags.double) index = cursor.double();
    else if (tag === tags.uint32) index = cursor.varint();
    else if (tag === tags.int32) index = unsigned(cursor.varint());
    else cursor.refuse(`the tag ${tag} where a key is to be`);
    this.#makeRoom(frame, index);
  }

  /** As V8 makes room for elements, of objects as of arrays: one that is just past the last takes all that is between. */
  #makeRoom(frame: Frame, index: number): void {
    const gap = index - frame.room;
    if (!(gap >= 0 && gap < widestGap)) return;
    this.#gaps -= gap;
    if (this.#gaps < 0) this.#cursor.refuse('objects with gaps between their elements');
    frame.room = Math.floor((index + 1) * 1.5) + 16;
  }

  #errorPart(part: number): void {
    if (part === parts.message || part === parts.stack) this.#text(this.#cursor.tag());
    else if (part === parts.cause) this.#value(this.#cursor.tag());
    else if (!errorKinds.has(part)) this.#cursor.refuse(`the part ${part} of an error`);
  }
}

/** Numbers below zero are the odd ones. */
const unsigned = (zigzag: number) => (zigzag % 2 === 0 ? zigzag / 2 : -1);
