/**
 * Throws the `TypeError` of a bad argument unless `typeof got` is `type`; `null` and arrays are no objects here.
 *
 * @param where the public function, and the argument as its caller writes it: `withOtelSpan: options.tracer`
 * @param expected what the argument must be, with its article: `a Tracer`
 * @param came the argument, where `got` is a part of it; shown as it is if primitive, else by its type
 */
export function check(where: string, type: string, got: unknown, expected = `a ${type}`, came = got): void {
  if (typeof got === type && (type !== 'object' || kindOf(got) === type)) return;
  const shown =
    typeof came === 'string' ? JSON.stringify(came) : Object(came) === came ? kindOf(came) : String(came);
  throw new TypeError(`${where} must be ${expected} (got ${shown})`);
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

/** Runs what must not disturb its caller: what it throws surfaces as an unhandled rejection. */
export function aside(fn: () => void): void {
  try {
    fn();
  } catch (error) {
    void Promise.reject(error);
  }
}
