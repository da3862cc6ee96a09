import { element } from './element.js';
import { titleOf } from './shown-span.js';
import type { Row } from './trees.js';

/** The time that a drawing shows; bars of running spans go to its end. Milliseconds since 1970. */
export interface Period {
  readonly start: number;
  readonly end: number;
}

/** Draws rows of spans into a panel, each as a bar on an axis of time. */
export function drawWaterfall(
  panel: HTMLElement,
  rows: readonly Row[],
  { start, end }: Period,
  count: string,
): void {
  element('.count', panel).textContent = count;
  const width = Math.max(end - start, 1) * 1.02;
  drawAxis(panel, width);

  const list = element('.spans', panel);
  const drawn = new Map(Array.from(list.children, (item) => [item.id, item]));
  const items = rows.map(({ span, depth }) => {
    const item = drawn.get(`span-${span.spanId}`) ?? newItem(span.spanId);
    item.className = span.service;
    item.classList.toggle('root', depth === 0);
    item.classList.toggle('failed', span.failed);
    item.classList.toggle('running', span.end === null);
    const duration = span.end === null ? 'running' : `${Math.round(span.end - span.start)} ms`;
    const title = titleOf(span);
    element('.name', item).textContent = title;
    element('.said', item).textContent =
      `, ${span.service}${span.failed ? ', failed' : ''}, ${duration}, level ${depth + 1}`;
    item.setAttribute('style', `--depth: ${depth}`);
    item.setAttribute('title', `${title} (${span.service}), ${duration}`);
    const left = (span.start - start) / width;
    const share = ((span.end ?? end) - span.start) / width;
    element('.bar', item).setAttribute('style', `left: ${left * 100}%; width: ${Math.max(share, 0) * 100}%`);
    return item;
  });
  // Only where the rows differ, so that what a person has selected stays selected.
  if (items.some((item, index) => list.children[index] !== item) || items.length !== list.children.length)
    list.replaceChildren(...items);
}

function newItem(spanId: string): HTMLLIElement {
  const item = document.createElement('li');
  item.id = `span-${spanId}`;
  item.innerHTML =
    '<span class="label"><span class="name"></span><span class="said"></span></span><span class="track"><span class="bar"></span></span>';
  return item;
}

function drawAxis(panel: HTMLElement, width: number): void {
  const step = steps.find((candidate) => width / candidate <= 5) ?? width;
  const length = Math.ceil((width * 0.93) / step); // a mark at the very end would have no room
  const marks = Array.from({ length }, (_, index) => {
    const mark = document.createElement('li');
    mark.textContent = index === 0 ? '0' : `${Number(((index * step) / 1000).toFixed(3))} s`;
    mark.setAttribute('style', `left: ${((index * step) / width) * 100}%`);
    return mark;
  });
  element('.axis', panel).replaceChildren(...marks);
  panel.style.setProperty('--period', `${(step / width) * 100}%`);
}

/** What may lie between two marks on the axis, in milliseconds. */
const steps = [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000];
