/**
 * Throws the `TypeError` of a bad argument unless `valid`.
 *
 * @param where the public function, and the argument as its caller writes it: `withOtelSpan: options.tracer`
 * @param expected what the argument must be, with its article: `a Tracer`
 * @param got what came; the message shows a primitive as it is, and the type of anything else
 */
export function check(valid: boolean, where: string, expected: string, got: unknown): asserts valid {
  if (valid) return;
  const shown =
    typeof got === 'string' ? JSON.stringify(got) : Object(got) === got ? typeof got : String(got);
  throw new TypeError(`${where} must be ${expected} (got ${shown})`);
}

export function checkFunction(where: string, got: unknown): void {
  check(typeof got === 'function', where, 'a function', got);
}

export function checkObject(where: string, expected: string, got: unknown): void {
  check(typeof got === 'object' && got !== null, where, expected, got);
}

/** Runs what must not disturb its caller: what it throws surfaces as an unhandled rejection. */
export function aside(fn: () => void): void {
  try {
    fn();
  } catch (error) {
    void Promise.reject(error);
  }
}
