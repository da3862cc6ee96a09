// Draws the pictures of the guides: node examples/timeline/pictures.mjs [folder]
import { mkdirSync, writeFileSync } from 'node:fs';
import { recordTimeline } from 'otel-promise-domain/testing';
import { awaiting, faulty } from './programs.mjs';
import { timeline } from './timeline.mjs';

const folder = process.argv[2] ?? new URL('../../docs/images', import.meta.url).pathname;

const pictures = {
  acceptance: [timeline, 'The acceptance timeline'],
  faulty: [faulty, 'A span lost, one ended twice, one never ended'],
  awaiting: [awaiting, 'Two orders at a time'],
};

mkdirSync(folder, { recursive: true });
for (const [name, [program, title]] of Object.entries(pictures)) {
  const recorded = await recordTimeline(program, { title });
  writeFileSync(`${folder}/timeline-${name}.svg`, recorded.toSVG());
}
