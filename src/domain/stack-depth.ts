/** V8 and JavaScriptCore have a limit of how many frames a stack trace shows. */
interface LimitedErrors {
  stackTraceLimit?: unknown;
}

/**
 * How many lines a stack trace has here: more in a function that is called than in its caller. It is only good for
 * comparing two places of one job. `undefined` where it cannot be told.
 */
export function stackDepth(): number | undefined {
  const errors: LimitedErrors = Error;
  const limit = errors.stackTraceLimit;
  try {
    if (limit !== undefined) errors.stackTraceLimit = Number.POSITIVE_INFINITY;
  } catch {
    return undefined; // frozen
  }
  try {
    return new Error().stack?.split('\n').length;
  } catch {
    return undefined; // the work of a hook
  } finally {
    if (limit !== undefined) errors.stackTraceLimit = limit;
  }
}
