import { paper, quiet, type Tone, tones } from './palette.js';

function variables(pick: (tone: Tone) => string): string {
  return [
    `--paper:${pick(paper)}`,
    `--ink:${pick(tones.ink)}`,
    `--muted:${pick(tones.muted)}`,
    `--rule:${pick(quiet.rule)}`,
    `--band:${pick(quiet.band)}`,
    `--hot:${pick(quiet.domain)}`,
  ].join(';');
}

/** The rules of a page; those of the drawing are in the drawing. */
export const htmlStyle = [
  `:root{color-scheme:light dark;${variables((tone) => tone.light)}}`,
  `@media (prefers-color-scheme:dark){:root{${variables((tone) => tone.dark)}}}`,
  'body{margin:0;padding:0 0 24px;background:var(--paper);color:var(--ink);font:14px/1.45 system-ui,-apple-system,"Segoe UI","Helvetica Neue",Arial,sans-serif}',
  'h1{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}',
  'h2{font-size:14px;margin:24px 0 8px;padding:0 8px}',
  '.drawing{overflow-x:auto}',
  '.drawing svg{display:block;max-width:none}',
  '.tables{overflow-x:auto;padding:0 8px}',
  'p{padding:0 16px}',
  'table{border-collapse:collapse;font-size:13px}',
  'th,td{text-align:left;padding:3px 16px 3px 8px;vertical-align:top;font-weight:400;white-space:pre-wrap;overflow-wrap:anywhere;min-width:3em;max-width:48em}',
  'thead th{color:var(--muted);border-bottom:1px solid var(--rule)}',
  'tbody th{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:normal}',
  'tr.first>*{border-top:1px solid var(--rule)}',
  'tbody tr:hover,tbody tr.hot{background:var(--band)}',
  'tbody tr.here{background:var(--hot)}',
  ':focus-visible{outline:2px solid #0969da;outline-offset:-2px}',
  '.selecting svg [data-step]:not(.hot),.selecting svg [data-call]:not(.hot),.selecting svg [data-span]:not(.hot){opacity:.25}',
  'svg .here .hit{fill-opacity:.45}',
  'svg .here>text{text-decoration:underline;text-underline-offset:2px}',
  '@media (prefers-reduced-motion:no-preference){svg g{transition:opacity .12s}}',
].join('\n');
