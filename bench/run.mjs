// Measures every question and writes bench/results.md. With `--quick`: every case for a moment, of the versions of Node on
// this one only, and the tables to stdout, to see that the bench works; its figures mean nothing.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { browserNames, browserVersion } from '../test/browsers/launch.mjs';
import * as awaits from './await.mjs';
import { repeatInBrowsers } from './browser/repeat.mjs';
import { installLibrary, runtimes, versionOf } from './library.mjs';
import { installLoweredProgram } from './lowered.mjs';
import * as managerStep from './manager-step.mjs';
import { repeat } from './repeat.mjs';
import * as restorationDepth from './restoration-depth.mjs';
import { sizes } from './size.mjs';
import { table } from './stats.mjs';
import * as thenStep from './then-step.mjs';
import * as tracingOff from './tracing-off.mjs';

const questions = [thenStep, managerStep, awaits, restorationDepth, tracingOff];
const browserQuestions = questions.filter((question) => question.runsInBrowsers);
const peers = [
  '@opentelemetry/api',
  '@opentelemetry/sdk-trace-base',
  '@opentelemetry/context-async-hooks',
  '@opentelemetry/sdk-trace-web',
  '@opentelemetry/context-zone-peer-dep',
  'zone.js',
  'dexie',
  'bluebird',
];

const browserTitles = { chromium: 'Chromium', firefox: 'Firefox', webkit: 'WebKit' };

const full = {
  majors: [20, 24],
  repetitions: 6,
  alone: { warmMs: 200, measureMs: 250 },
  together: { warmMs: 100, measureMs: 120 },
  pages: { repetitions: 5, budget: { warmMs: 200, measureMs: 250, sampleMs: 50 } },
};
const smoke = {
  majors: [Number(process.versions.node.split('.')[0])],
  repetitions: 1,
  alone: { warmMs: 5, measureMs: 3 },
  together: { warmMs: 5, measureMs: 3 },
  pages: { repetitions: 1, budget: { warmMs: 5, measureMs: 3, sampleMs: 1 } },
};

const quick = process.argv.includes('--quick');
const { majors, pages, ...budget } = quick ? smoke : full;

installLibrary();
installLoweredProgram();
const [loadBefore] = os.loadavg();
const browsers = await Promise.all(
  browserNames.map(async (name) => ({ name, version: await browserVersion(name) })), // throws where one is missing
);
const found = runtimes(majors);
const figures = {
  ...repeat({ ...budget, runtimes: found, questions, onProgress: showProgress }),
  ...(await repeatInBrowsers({
    ...pages,
    browsers: browserNames,
    questions: browserQuestions,
    onProgress: (browser, done, total) => showProgress(done, total, `pages in ${browser}`),
  })),
};
const size = await sizes();
const reports = [
  ...found.map(({ major }) => reportOn(major, `Node ${major}`, questions)),
  ...browserNames.map((name) => reportOn(name, browserTitles[name], browserQuestions)),
];
if (quick) {
  console.log(results());
} else {
  writeFileSync(new URL('results.md', import.meta.url), results());
  console.log(`\n${targets()}\n\nwritten to bench/results.md`);
}

/** @param {number | string} runtime the major of Node, or the name of a browser */
function reportOn(runtime, title, asked) {
  const parts = new Map(
    asked.map((question) => [question, question.report(figures[runtime][question.name], runtime)]),
  );
  return { title, parts };
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
    ...questions.flatMap(section),
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
      ...browsers.map(({ name, version }) => [browserTitles[name], version]),
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
    '',
    `In the browsers, each case has a page of its own, in a site and so in a process of its own, loaded ${pages.repetitions} times; it`,
    `warms up for ${pages.budget.warmMs} ms and measures for ${pages.budget.measureMs} ms, in samples of ${pages.budget.sampleMs} ms, because the clocks are coarse.`,
    ...missing.map((major) => `Node ${major} was not measured: there is no binary of it for this platform.`),
  ].join('\n');
}

function targets() {
  const head = ['', 'limit', 'measured', ''];
  return [
    ...reports.flatMap(({ title, parts }) => [
      `### ${title}`,
      table(
        head,
        [...parts.values()].flatMap((part) => part.targets),
      ),
    ]),
    '### Size',
    table(head, size.targets),
  ].join('\n\n');
}

function section(question) {
  const of = reports.filter(({ parts }) => parts.has(question));
  const { title, text } = of[0].parts.get(question);
  const tables = of.flatMap((report) => {
    const { head, rows } = report.parts.get(question);
    return [`### ${title}, ${report.title}`, table(head, rows)];
  });
  return [`## ${title}`, text, ...tables];
}

function showProgress(done, total, what = 'processes') {
  if (!quick && done % 20 === 0) console.log(`${done} of ${total} ${what}`);
}
