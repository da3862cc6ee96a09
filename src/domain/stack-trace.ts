/** Whether stack traces are those of V8, the only ones that show the async functions which wait for a promise. */
export const showsCallers = /^ {4}at /m.test(String(new Error().stack));

/**
 * The lines of a stack trace from here, as many as the realm has been told to give, without those of async functions that
 * wait. It is only good for comparing two places of one job. `undefined` where there are none.
 */
export function stackTrace(): readonly string[] | undefined {
  try {
    return new Error().stack?.split('\n').filter((line) => !line.startsWith('    at async '));
  } catch {
    return undefined; // the work of a hook that prepares stack traces
  }
}
