// Measures every question and writes bench/results.md. With `--quick`: every case for a moment, on this runtime only,
// and the tables to stdout, to see that the bench works; its figures mean nothing.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { installLibrary, runtimes, versionOf } from './library.mjs';
import { repeat } from './repeat.mjs';
import * as restorationDepth from './restoration-depth.mjs';
import { sizes } from './size.mjs';
import { table } from './stats.mjs';
import * as thenStep from './then-step.mjs';
import * as tracingOff from './tracing-off.mjs';

const questions = [thenStep, restorationDepth, tracingOff];
const peers = [
  '@opentelemetry/api',
  '@opentelemetry/sdk-trace-base',
  '@opentelemetry/context-async-hooks',
  '@opentelemetry/sdk-trace-web',
  '@opentelemetry/context-zone-peer-dep',
  'zone.js',
  'bluebird',
];

const full = {
  majors: [20, 24],
  repetitions: 7,
  alone: { warmMs: 200, measureMs: 250 },
  together: { warmMs: 100, measureMs: 120 },
};
const smoke = {
  majors: [Number(process.versions.node.split('.')[0])],
  repetitions: 1,
  alone: { warmMs: 5, measureMs: 3 },
  together: { warmMs: 5, measureMs: 3 },
};

const quick = process.argv.includes('--quick');
const { majors, ...budget } = quick ? smoke : full;

installLibrary();
const [loadBefore] = os.loadavg();
const found = runtimes(majors);
const figures = repeat({ ...budget, runtimes: found, questions, onProgress: showProgress });
const size = await sizes();
const reports = found.map(({ major }) => ({
  major,
  parts: questions.map((question) => question.report(figures[major][question.name], major)),
}));
if (quick) {
  console.log(results());
} else {
  writeFileSync(new URL('results.md', import.meta.url), results());
  console.log(`\n${targets()}\n\nwritten to bench/results.md`);
}

function results() {
  return `${[
    '# Measurements',
    `Written by \`npm run bench\`${quick ? ' in its quick form: the figures mean nothing' : ''}.`,
    setup(),
    method(),
    '## Targets',
    'A step is one with an active span, in the domain. Lines without a limit are for information.',
    targets(),
    ...questions.flatMap((_, at) => section(at)),
    '## Size',
    'What a page downloads for it, the OpenTelemetry API left out, which all of them need.',
    size.table,
  ].join('\n\n')}\n`;
}

function setup() {
  const cpus = os.cpus();
  const system = `${os.type()} ${os.release().split('.', 2).join('.')}`;
  const versions = found.map(({ binary }) =>
    execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim(),
  );
  return table(
    ['', ''],
    [
      ['date', new Date().toISOString().slice(0, 10)],
      ['machine', `${cpus[0]?.model.trim() ?? os.arch()}, ${cpus.length} cores, ${system}`],
      ['load before', `${loadBefore.toFixed(1)}; anything above some tenths spoils the figures`],
      ['Node', versions.join(', ')],
      ...['otel-promise-domain', ...peers].map((name) => [name, versionOf(name)]),
    ],
  );
}

function method() {
  const { repetitions, alone } = budget;
  const missing = majors.filter((major) => found.every((runtime) => runtime.major !== major));
  return [
    `Each case has a process of its own, started anew in each repetition (${repetitions}), one at a time. A process warms up for`,
    `${alone.warmMs} ms and measures for ${alone.measureMs} ms, in samples of some milliseconds, garbage collection included. A figure`,
    'is the median of the medians of its processes, with the 10th to 90th percentile of all samples. A ratio is the',
    'median of the ratios of the repetitions, with the smallest and the greatest of them.',
    ...missing.map((major) => `Node ${major} was not measured: there is no binary of it for this platform.`),
  ].join('\n');
}

function targets() {
  const head = ['', 'limit', 'measured', ''];
  return [
    ...reports.flatMap(({ major, parts }) => [
      `### Node ${major}`,
      table(
        head,
        parts.flatMap((part) => part.targets),
      ),
    ]),
    '### Size of the core entry',
    table(head, size.targets),
  ].join('\n\n');
}

function section(at) {
  const { title, text, head } = reports[0].parts[at];
  const tables = reports.flatMap(({ major, parts }) => [
    `### ${title}, Node ${major}`,
    table(head, parts[at].rows),
  ]);
  return [`## ${title}`, text, ...tables];
}

function showProgress(done, total) {
  if (!quick && done % 20 === 0) console.log(`${done} of ${total} processes`);
}
