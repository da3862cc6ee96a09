const frame = /[^\s(@]+:\d+:\d+\)?$/;

/** The lines of a stack trace from here that tell a place, as the runtime writes them. */
function framesHere(): string[] {
  const limited = Error as { stackTraceLimit?: number }; // cast: V8 and JavaScriptCore have it
  const { stackTraceLimit } = limited;
  if (stackTraceLimit !== undefined) limited.stackTraceLimit = 50; // there are a dozen frames of ours on the way
  const stack = String(new Error().stack);
  if (stackTraceLimit !== undefined) limited.stackTraceLimit = stackTraceLimit;
  return stack.split('\n').filter((line) => frame.test(line));
}

/** The folder that this package is loaded from: that of its sources, or of what they were built to. */
const own = frame
  .exec(framesHere()[0] ?? '')?.[0]
  .replace(/[^/\\]*$/, '')
  .replace(/testing[/\\]$/, '');

const others = ['/node_modules/@opentelemetry/', 'node:', 'ext:', '(native:', '[native code]'];

/** The place outside this package and OpenTelemetry that has called. It is for people to look at. */
export function callSite(): string | undefined {
  const site = framesHere().find(
    (line) => !(own && line.includes(own)) && !others.some((part) => line.includes(part)),
  );
  return site?.trim().replace(/^at (async )?/, '');
}
