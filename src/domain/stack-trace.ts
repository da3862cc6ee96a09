/**
 * The lines of a stack trace from here, as many as the realm has been told to give. It is only good for comparing two
 * places of one job. `undefined` where there are none.
 */
export function stackTrace(): readonly string[] | undefined {
  try {
    return new Error().stack?.split('\n');
  } catch {
    return undefined; // the work of a hook that prepares stack traces
  }
}
