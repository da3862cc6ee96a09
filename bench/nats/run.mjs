// Measures the NATS engine and its peers, prints the tables, and writes bench/nats/results.md where nothing is left out.
//   --question a,b     these questions only: round-trip, burst, scaling
//   --only a,b         these contenders only: what they measured, without tables
//   --rounds n         of each question
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { runRounds } from '../mirai/rounds.mjs';
import { table } from '../stats.mjs';
import { all } from './contenders/index.mjs';
import * as burst from './questions/burst.mjs';
import * as roundTrip from './questions/round-trip.mjs';
import * as scaling from './questions/scaling.mjs';
import { startServers, versionOfServer } from './servers.mjs';

const questions = [roundTrip, burst, scaling];

const { values: options } = parseArgs({
  options: { question: { type: 'string' }, only: { type: 'string' }, rounds: { type: 'string' } },
});
const asked = chosen(
  options.question,
  questions.map(({ name }) => name),
).map((name) => questions.find((question) => question.name === name));
const contenders = chosen(options.only, all);

const [loadBefore] = os.loadavg();
const { servers, stop } = await startServers();
try {
  if (options.only === undefined) printTables();
  else for (const question of asked) printFigures(question);
} finally {
  await stop();
}

function chosen(list, known) {
  if (list === undefined) return known;
  const names = list.split(',');
  const wrong = names.find((name) => !known.includes(name));
  if (wrong !== undefined) throw new RangeError(`${wrong} is none of ${known.join(', ')}`);
  return names;
}

function runQuestion(question, inIt) {
  return runRounds(
    // The process that measures looks for it from where it is itself.
    { ...question, name: `../../nats/questions/${question.name}` },
    inIt,
    { ...question.budget, rounds: Number(options.rounds ?? question.budget.rounds), servers },
  );
}

/** What a report needs has not run: the bare figures then. */
function printFigures(question) {
  const inIt = question.contenders.filter((contender) => contenders.includes(contender));
  const figures = runQuestion(question, inIt);
  for (const contender of inIt) {
    for (const variant of question.variants) console.log(figures.line(question.name, variant, contender));
  }
}

function printTables() {
  const reports = asked.map((question) => question.report(runQuestion(question, question.contenders)));
  const text = page(reports);
  console.log(text);
  if (options.question !== undefined || options.rounds !== undefined) return;
  writeFileSync(new URL('results.md', import.meta.url), text);
}

function page(reports) {
  return `${[
    '# Measurements of the NATS engine',
    'Written by `npm run bench:nats`. What bounds the engine beyond one server is calculated in [the model](model.md).',
    setup(),
    method(),
    '## Targets',
    table(
      ['', 'limit', 'measured', ''],
      reports.flatMap(({ targets }) => targets),
    ),
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
      ...['nats-server', 'redis-server'].map((name) => [name, versionOfServer(name)]),
      ['otel-promise-domain', packageAt('../../package.json').version],
      ...Object.entries(packageAt('package.json').devDependencies),
    ],
  );
}

function packageAt(path) {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
}

function method() {
  return `Each figure comes from a process that measures one contender, started anew in each round, one at a time; each round
starts with another contender. A figure is the median of the rounds, with the quartiles. A ratio is the median of the
ratios within the rounds, with their quartiles. Host, workers and server share the processors of one machine.

- Workers are processes, one task at a time each, unless a line says otherwise. Arguments and results are JSON.
- **mirai** runs a task in a thread of the worker process. At least once: the host confirms each result before the task is
  taken off the stream. Tracing as in [the task runtime's](../mirai/results.md): every span exported, and counted.
- **JetStream by hand**: a work-queue stream on the file store, awaited publications, a durable pull consumer with
  \`consume()\` as it is by default, explicit acknowledgements, results to the inbox of the host, unconfirmed. With one message in
  hand by \`next()\`.
- **Core NATS by hand**: \`request()\` to a queue group. Nothing is redelivered.
- **ZeroMQ**: a router, and a dealer a worker, in turn. Nothing is redelivered, and no worker is missed.
- **BullMQ**: \`add()\`, with results from the events of the queue, whose stream is allowed to hold all of them. By
  default it is trimmed to about 10,000 events, and a job whose event was trimmed before the host has read it never settles:
  of 20,000 at once, some hundreds. Redis writes nothing to disk.`;
}
