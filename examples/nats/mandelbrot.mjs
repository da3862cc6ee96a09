// The task: what each daemon loads, and runs once for each strip of the picture.
import { trace } from '@opentelemetry/api';

const tracer = trace.getTracer('mandelbrot');

const SHADES = ' .:-=+*#%@';
const LIMIT = 600;

/**
 * Draws a strip of the Mandelbrot set.
 *
 * @param {{ strip: number, from: number, to: number }} part - which, and the rows of the picture that it has
 * @param {{ rows: number, columns: number, detail: number }} picture - `detail` squared are the points of a character
 * @returns {string[]} its rows
 */
export function draw({ strip, from, to }, picture) {
  // Daemons with --output show it.
  console.log(`begins strip ${strip}`);
  const rows = Array.from({ length: to - from }, (_, index) => from + index);
  const fractions = inSpan('iterate', () => rows.map((row) => insideOf(row, picture)));
  return inSpan('shade', () => fractions.map((row) => row.map(shadeOf).join('').trimEnd()));
}

function inSpan(name, work) {
  return tracer.startActiveSpan(name, (span) => {
    try {
      return work();
    } finally {
      span.end();
    }
  });
}

/** How many steps the points of each character take to leave, on average, as a fraction of the limit. */
function insideOf(row, { rows, columns, detail }) {
  return Array.from({ length: columns }, (_, column) => {
    let steps = 0;
    for (let point = 0; point < detail ** 2; point++) {
      const x = (column + (point % detail) / detail) / columns;
      const y = (row + Math.floor(point / detail) / detail) / rows;
      steps += stepsOf(3.1 * x - 2.15, 2.4 * y - 1.2);
    }
    return steps / detail ** 2 / LIMIT;
  });
}

function stepsOf(a, b) {
  let [x, y, steps] = [0, 0, 0];
  for (; steps < LIMIT && x * x + y * y < 4; steps++) [x, y] = [x * x - y * y + a, 2 * x * y + b];
  return steps;
}

function shadeOf(fraction) {
  return SHADES[Math.min(SHADES.length - 1, Math.floor(Math.sqrt(fraction) * SHADES.length))];
}
