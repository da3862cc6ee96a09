/** The function itself: `Math.random` may be seeded later, and would then give the ids of another task once more. */
const { random } = Math;

/** @param bytes 8 for a span, 16 for a trace */
export function randomId(bytes: 8 | 16): string {
  let id = '';
  for (let words = bytes / 4; words > 0; words--) id += word();
  return /[^0]/.test(id) ? id : randomId(bytes);
}

/** 32 random bits in hexadecimal. */
function word(): string {
  return Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
}
