import { SpanStatusCode, trace } from '@opentelemetry/api';

const tracer = trace.getTracer('traced');

/** Opens `count` spans with so many characters of text in each. */
export function openSpans(count, characters) {
  const text = 'x'.repeat(characters);
  for (let n = 0; n < count; n++) tracer.startSpan('part', { attributes: { n, text } }).end();
  return count;
}

/** Opens one whose texts are all that long. */
export function openWordy(characters) {
  const text = 'x'.repeat(characters);
  const span = tracer.startSpan(text, { attributes: { text, texts: [text, text] } });
  span.addEvent(text, { text });
  span.setStatus({ code: SpanStatusCode.ERROR, message: text });
  span.end();
  return 'done';
}
