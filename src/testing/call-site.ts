const frame = /[^\s(@]+:\d+:\d+\)?$/;

/** The calls that lead here, with room for the dozen that are ours. It becomes a text when somebody asks for one. */
export function callsHere(): Error {
  const limited = Error as { stackTraceLimit?: number }; // cast: V8 and JavaScriptCore have it
  const { stackTraceLimit } = limited;
  if (stackTraceLimit !== undefined) limited.stackTraceLimit = 50;
  const calls = new Error();
  if (stackTraceLimit !== undefined) limited.stackTraceLimit = stackTraceLimit;
  return calls;
}

/** The lines that tell a place, as the runtime writes them. */
function framesOf({ stack }: Error): string[] {
  return String(stack)
    .split('\n')
    .filter((line) => frame.test(line));
}

/** The folder that this package is loaded from: that of its sources, or of what they were built to. */
const own = frame
  .exec(framesOf(callsHere())[0] ?? '')?.[0]
  .replace(/[^/\\]*$/, '')
  .replace(/testing[/\\]$/, '');

const others = ['/node_modules/@opentelemetry/', 'node:', 'ext:', '(native:', '[native code]'];

/** The place outside this package and OpenTelemetry where the calls come from. It is for people to look at. */
export function siteOf(calls: Error | undefined): string {
  const site =
    calls &&
    framesOf(calls).find(
      (line) => !(own && line.includes(own)) && !others.some((part) => line.includes(part)),
    );
  return site?.trim().replace(/^at (async )?/, '') ?? 'a place that is not known';
}
