/** Bytes of the first part of a message, at most. */
export const longestHead = 1024 * 1024;

const lineFeed = 0x0a;

/** A message as it was received, not yet looked at. */
export interface Frame {
  readonly head: unknown;
  readonly body: Uint8Array;
}

/** A message as bytes: its head as one line of JSON, then its body. */
export function toFrame(head: object, body: Uint8Array | string = ''): Uint8Array {
  const line = `${JSON.stringify(head)}\n`;
  if (typeof body === 'string') return Buffer.from(line + body);
  return Buffer.concat([Buffer.from(line), body]);
}

/** @throws TypeError or SyntaxError if it is none */
export function fromFrame(bytes: Uint8Array): Frame {
  const end = bytes.indexOf(lineFeed);
  if (end < 0 || end > longestHead) throw new TypeError('the message has no head');
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { head: JSON.parse(view.toString('utf8', 0, end)), body: view.subarray(end + 1) };
}
