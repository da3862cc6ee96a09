// What the tests use of `node:vm`, by frames.

/** Evaluates `code` in a new realm, and returns its value. */
export function runInNewContext(code) {
  const frame = document.createElement('iframe');
  document.documentElement.append(frame);
  return frame.contentWindow.eval(code);
}
