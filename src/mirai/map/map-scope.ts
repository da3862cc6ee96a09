let reading = 0;

/** Whether the items of a map are being read. */
export function isReadingItem(): boolean {
  return reading > 0;
}

/** Reads an item. */
export function readItem<R>(read: () => R): R {
  reading++;
  try {
    return read();
  } finally {
    reading--;
  }
}
