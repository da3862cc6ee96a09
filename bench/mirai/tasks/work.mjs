// What all contenders run in their workers.

export function noop() {}

export function byteLength(buffer) {
  return buffer.byteLength;
}

export function lengthOf(records) {
  return records.length;
}

let made = [];

/** The same array again while `length` stays, so that making it is no part of a round trip. */
export function records(length) {
  if (made.length !== length) made = Array.from({ length }, (_, id) => record(id));
  return made;
}

/** About 128 bytes as JSON. */
function record(id) {
  return {
    id,
    name: `customer ${id}`,
    mail: `customer-${id}@example.com`,
    active: id % 3 === 0,
    balance: id / 7,
    tags: ['new', 'retail'],
    address: { city: 'Lund', zip: 22100 + (id % 100) },
  };
}

/** Keeps its thread busy. */
export function spin(ms) {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
