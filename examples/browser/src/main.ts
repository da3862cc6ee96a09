import { buy } from '#shop/buy.js';
import { search } from '#shop/search.js';
import { drive } from './drive.js';
import { drawTraces } from './page/draw.js';
import { element } from './page/element.js';
import { liveSpans } from './page/live-spans.js';
import { startTelemetry } from './telemetry.js';

const live = liveSpans(drawSoon);
const exportSpans = startTelemetry(live);

let runningFlows = 0;

function startOnClick(id: string, flow: () => PromiseLike<string>): HTMLElement {
  const button = element(`#${id}`);
  const output = element(`output[for="${id}"]`);
  button.addEventListener('click', async () => {
    if (runningFlows++ === 0) live.forget();
    output.textContent = 'at work …';
    output.textContent = await flow();
    runningFlows--;
  });
  return button;
}

let isDrawingSoon = false;

function drawSoon(): void {
  if (isDrawingSoon) return;
  isDrawingSoon = true;
  requestAnimationFrame(() => {
    isDrawingSoon = false;
    const spans = live.all();
    drawTraces(spans);
    if (spans.some((span) => span.end === null)) drawSoon();
  });
}

element(`nav [data-mode="${import.meta.env.MODE}"]`).setAttribute('aria-current', 'page');
const buttons = [startOnClick('buy', buy), startOnClick('search', search)];
if (new URLSearchParams(location.search).has('drive')) void drive(buttons, live, exportSpans);
