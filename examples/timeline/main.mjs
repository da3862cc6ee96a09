// Prints the acceptance timeline of the span handoff: what happens at each tick, what is active, and the spans.
import { recordTimeline } from 'otel-promise-domain/testing';
import { timeline } from './timeline.mjs';

console.log(String(await recordTimeline(timeline)));
