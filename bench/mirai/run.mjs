// Measures the task runtime and its peers, and writes bench/mirai/results.md.
//   --quick            every case for a moment, the tables to stdout; its figures mean nothing
//   --only a,b         these questions only, the tables to stdout
//   --contenders a,b   these contenders only, what they printed to stdout
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { table } from '../stats.mjs';
import { isOurs } from './contenders/index.mjs';
import { installLibrary, versionOf } from './library.mjs';
import * as burst from './questions/burst.mjs';
import * as coldStart from './questions/cold-start.mjs';
import * as fairness from './questions/fairness.mjs';
import * as idle from './questions/idle.mjs';
import * as payload from './questions/payload.mjs';
import * as roundTrip from './questions/round-trip.mjs';
import { runRounds } from './rounds.mjs';

const questions = [roundTrip, burst, payload, coldStart, idle, fairness];

const packages = [
  'otel-promise-domain',
  'piscina',
  'tinypool',
  'poolifier',
  'workerpool',
  'comlink',
  '@opentelemetry/api',
  '@opentelemetry/sdk-trace-base',
  '@opentelemetry/context-async-hooks',
];

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    contenders: { type: 'string' },
  },
});
const [loadBefore] = os.loadavg();
const started = performance.now();
const asked = chosen(
  options.only,
  questions.map(({ name }) => name),
).map((name) => questions.find((question) => question.name === name));

if (options.contenders === undefined) {
  installLibrary();
  const reports = asked.map((question) => {
    const report = question.report(runQuestion(question, question.contenders));
    console.log(`${question.name}: ${Math.round((performance.now() - started) / 1000)} s`);
    return report;
  });
  if (options.quick || options.only !== undefined) {
    console.log(page(reports));
  } else {
    writeFileSync(new URL('results.md', import.meta.url), page(reports));
    console.log(`\n${targets(reports)}\n\nwritten to bench/mirai/results.md`);
  }
} else {
  for (const question of asked) printFigures(question, options.contenders);
}

function chosen(list, known) {
  if (list === undefined) return known;
  const names = list.split(',');
  const wrong = names.find((name) => !known.includes(name));
  if (wrong !== undefined) throw new RangeError(`${wrong} is none of ${known.join(', ')}`);
  return names;
}

function runQuestion(question, contenders) {
  return runRounds(question, contenders, question.budgets[options.quick ? 'quick' : 'full']);
}

/** What a report needs may not have run: the bare figures then. */
function printFigures(question, list) {
  const contenders = question.contenders.filter((contender) => list.split(',').includes(contender));
  if (contenders.some(isOurs)) installLibrary();
  const figures = runQuestion(question, contenders);
  for (const contender of contenders) {
    for (const variant of question.variants) console.log(figures.line(question.name, variant, contender));
  }
}

function page(reports) {
  const note = options.quick ? ' in its quick form: the figures mean nothing' : '';
  return `${[
    '# Measurements of the task runtime',
    `Written by \`node bench/mirai/run.mjs\`${note}, after \`npm run build\` and \`npm ci --prefix bench/mirai\`.`,
    setup(),
    method(),
    '## Targets',
    targets(reports),
    ...reports.flatMap(({ title, text, tables }) => [
      `## ${title}`,
      text,
      ...tables.map(({ head, rows }) => table(head, rows)),
    ]),
  ].join('\n\n')}\n`;
}

function setup() {
  const cpus = os.cpus();
  const system = `${os.type()} ${os.release().split('.', 2).join('.')}`;
  return table(
    ['', ''],
    [
      ['date', new Date().toISOString().slice(0, 10)],
      ['machine', `${cpus[0]?.model.trim() ?? os.arch()}, ${cpus.length} cores, ${system}`],
      ['load before', `${loadBefore.toFixed(1)}; anything above some tenths spoils the figures`],
      ['Node', process.version],
      ...packages.map((name) => [name, versionOf(name)]),
    ],
  );
}

function method() {
  return [
    'Each figure comes from processes that measure one contender, started anew in each round, one at a time; each round',
    'starts with another contender. A figure is the median of the rounds, with the quartiles. A ratio is the median of the',
    'ratios within the rounds, with their quartiles. Where tracing is on, a provider, an `AsyncLocalStorage` context manager',
    'and the W3C propagators are registered, and a batch processor exports every span, those of daemons too, to an',
    'exporter that counts them; the count is checked. It is off everywhere else.',
  ].join('\n');
}

function targets(reports) {
  return table(
    ['', 'limit', 'measured', ''],
    reports.flatMap((report) => report.targets),
  );
}
