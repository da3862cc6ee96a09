/** Random bytes, not from `Math.random()`: that one may be seeded, and would give the ids of another task once more. */
const pool = new Uint8Array(4096);
let used = pool.length;

/** @param bytes 8 for a span, 16 for a trace */
export function randomId(bytes: 8 | 16): string {
  if (used + bytes > pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  let id = '';
  for (const end = used + bytes; used < end; used++) id += hex[pool[used] ?? 0];
  return /[^0]/.test(id) ? id : randomId(bytes);
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
