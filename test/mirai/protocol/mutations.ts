import { deserialize, serialize } from '../../../src/mirai/protocol/serialize.js';
import { checkBounds } from '../../../src/mirai/protocol/v8-bounds.js';
import { kinds } from '../support/kinds.js';
import { hostile, message, sparse } from './hostile-bytes.js';

/** Damages values and deserializes what `checkBounds()` lets through, for a process of its own. */

const [count = 0, seed = 0] = process.argv.slice(2).map(Number);

const sources: readonly Uint8Array[] = [
  ...kinds.map(([, make]) => serialize(make())),
  serialize(new RangeError('a', { cause: new Error('b', { cause: [1] }) })),
  serialize([new Array(5), { 1: 1, 9: [new Array(20)] }]),
  message(hostile.flatMap(([, value]) => value.slice(0, 100))),
].filter(({ length }) => length < 10_000);

let state = seed;
/** A number below `limit`. */
function random(limit: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}

/** Where one more byte, or one instead of it, is more than another value. */
const telling = [...'^oaA{@$;:\',B~VrIUNZ"cSRs-_?\\utpwm', '\0', '\x01', '\xff'].map((c) => c.charCodeAt(0));
const pieces = [sparse(), [0x61, 255, 255, 255, 13], [255, 255, 255, 255, 15], [0x41, 255, 255, 3]];

function damage(source: Uint8Array): Uint8Array {
  let bytes = source;
  for (let n = random(4); n >= 0; n--) {
    const at = 2 + random(Math.max(bytes.length - 2, 1));
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
    const byte = random(2) === 0 ? random(256) : (telling[random(telling.length)] ?? 0);
    const kind = random(16);
    if (kind === 0) bytes = before;
    else if (kind < 4) bytes = Buffer.concat([before, Uint8Array.of(byte), after]);
    else if (kind < 6) bytes = Buffer.concat([before, after.subarray(1 + random(4))]);
    else if (kind < 9) bytes = Buffer.concat([before, Uint8Array.from(pieces[random(4)] ?? []), after]);
    else bytes = Buffer.concat([before, Uint8Array.of(byte), after.subarray(1)]);
  }
  return bytes;
}

const outcomes = { refused: 0, failed: 0, read: 0 };
let most = 0;
for (let n = 0; n < count; n++) {
  const bytes = damage(sources[n % sources.length] ?? Uint8Array.of());
  try {
    checkBounds(bytes);
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown;
    outcomes.refused++;
    continue;
  }
  const before = process.memoryUsage().heapUsed;
  try {
    deserialize(bytes);
    outcomes.read++;
  } catch {
    outcomes.failed++;
  }
  most = Math.max(most, process.memoryUsage().heapUsed - before);
}
process.stdout.write(JSON.stringify({ ...outcomes, most }));
