import { paper, quiet, spanTone, spanTones, type Tone, tones } from './palette.js';

/** The class of the drawing: its rules hold for nothing else where it is part of a page. */
export const scope = 'otel-timeline';

const sans = 'system-ui,-apple-system,"Segoe UI","Helvetica Neue",Arial,sans-serif';
const mono = 'ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace';

function colours(pick: (tone: Tone) => string): readonly string[] {
  return [
    `.paper{fill:${pick(paper)}}`,
    ...Object.entries(tones).map(([name, tone]) => `.${name}{color:${pick(tone)}}`),
    `.none,.empty{color:${pick(tones.muted)}}`,
    ...spanTones.map((tone, index) => `.${spanTone(index)}{color:${pick(tone)}}`),
    `.rule,.tick{color:${pick(quiet.rule)}}`,
    `.band{fill:${pick(quiet.band)}}`,
    `.domain{fill:${pick(quiet.domain)};color:${pick(tones.muted)}}`,
    `.hollow,.ring,.empty,.over{fill:${pick(paper)}}`,
    `.dot{stroke:${pick(paper)}}`,
  ];
}

const shapes = [
  `text{font-family:${sans};fill:currentColor;white-space:pre}`,
  `.mono{font-family:${mono}}`,
  '.strong{font-weight:600}',
  'tspan{fill:currentColor}',
  ...[10, 11, 12, 15].map((size) => `.f${size}{font-size:${size}px}`),
  'path{fill:none;stroke:currentColor}',
  '.solid,.dot{fill:currentColor}',
  '.dot{stroke-width:1.5}',
  '.hit{fill:currentColor;fill-opacity:0}',
  '.around{fill:none;stroke:currentColor;stroke-width:1.5}',
  '.empty,.over{stroke:currentColor}',
  '.over{stroke-dasharray:3 2}',
  '.domain{stroke:currentColor;stroke-width:.75}',
  '.hollow,.ring{stroke:currentColor;stroke-width:2}',
  '.ring.dashed{stroke-dasharray:2.5 2}',
  '.life{stroke-width:1.5}',
  '.unrecorded{stroke-dasharray:5 3}',
  '.birth{stroke-width:1;stroke-dasharray:1.5 2.5;stroke-linecap:round}',
  '.link{stroke-width:1.5}',
  '.unlinked{stroke-dasharray:3 3}',
  '.cap{stroke-width:2;stroke-linecap:round}',
  '.cross{stroke-width:2;stroke-linecap:round;stroke-linejoin:round}',
  '.flag{fill:currentColor;stroke-width:1.5;stroke-linejoin:round}',
];

function scoped(rules: readonly string[]): string {
  return rules.map((rule) => rule.replace(/[^{}]+(?=\{)/, (list) => selectors(list))).join('');
}

function selectors(list: string): string {
  return list
    .split(',')
    .map((selector) => `.${scope} ${selector}`)
    .join(',');
}

/** The rules of the drawing. */
export function drawingStyle(): string {
  const dark = scoped(colours((tone) => tone.dark));
  return `${scoped(colours((tone) => tone.light))}${scoped(shapes)}@media (prefers-color-scheme:dark){${dark}}`;
}
