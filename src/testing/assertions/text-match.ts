import { check } from '../../errors.js';
import { drawText } from '../text.js';
import type { TimelineData } from '../timeline.js';
import { checkTimeline } from './arguments.js';
import type { Finding } from './finding.js';

/** Whether the text of the timeline is `text`; indentation that all lines share, and blank lines around, do not count. */
export function findText(where: string, timeline: TimelineData, text: string): Finding {
  checkTimeline(where, timeline);
  check(`${where}: text`, 'string', text);
  const wanted = linesOf(text);
  const lines = linesOf(drawText(timeline));
  const different = lines.findIndex((line, index) => line !== wanted[index]);
  const first = different < 0 ? Math.min(lines.length, wanted.length) : different;
  const holds = lines.length === wanted.length && different < 0;
  const at = /^t\d+\.\d+/.exec(lines[first] ?? '')?.[0];
  return {
    holds,
    expected: holds ? 'the timeline is the text' : `the timeline ${goesOn(wanted, first)}`,
    happened: [holds ? 'it is' : `it ${goesOn(lines, first)}`],
    points: [at],
    texts: { actual: lines.join('\n'), expected: wanted.join('\n') },
  };
}

/** What there is at line `index`, as a part of a sentence. */
function goesOn(lines: readonly string[], index: number): string {
  return index < lines.length
    ? `has as line ${index + 1} ${JSON.stringify(lines[index])}`
    : `ends after ${index} lines`;
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trimEnd());
  while (lines[0] === '') lines.shift();
  while (lines.at(-1) === '') lines.pop();
  const indents = lines.filter((line) => line !== '').map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents);
  return lines.map((line) => line.slice(indent));
}
