// Runs the suites from the built package in Node 20 to 26, Bun and Deno; with names, such as `Bun`, in those alone.
import { availableParallelism } from 'node:os';
import { engines, missing, versionOf } from './engines.mjs';
import { chosenOf } from './paths.mjs';
import { printTally, printTotal } from './report.mjs';
import { runEngine } from './run-engine.mjs';
import { prepare } from './stage.mjs';
import { updateTable } from './table.mjs';
import { makeTally } from './tally.mjs';

const names = chosenOf([...new Set(engines.map(({ name }) => name))]);
const chosen = engines.filter(({ name }) => names.has(name));
const present = chosen.filter((engine) => !missing(engine));
const versions = [...new Set(present.map(({ openTelemetry }) => openTelemetry))].sort();
const { folders, files, notes, remove } = await prepare(
  versions.map((openTelemetry) => ({ platform: 'node', openTelemetry })),
);
for (const note of notes) console.log(note);

const schedule = makeSchedule(availableParallelism());
const running = chosen.map((engine) => {
  if (missing(engine)) return missingTally(engine);
  return runEngine(engine, files, folders[versions.indexOf(engine.openTelemetry)], schedule);
});
const tallies = [];
const rows = [];
for (const [at, engine] of chosen.entries()) {
  const tally = await running[at];
  const version = missing(engine) ? '' : versionOf(engine);
  tallies.push(tally);
  printTally(
    [engine.name, version, 'with OpenTelemetry', engine.openTelemetry].filter(Boolean).join(' '),
    tally,
  );
  if (version) rows.push({ name: engine.name, openTelemetry: engine.openTelemetry, version, tally });
}
remove();
updateTable(rows);
printTotal(tallies);

function missingTally(engine) {
  const tally = makeTally('missing');
  tally.fail(engine.name, `is missing, install it: ${missing(engine)}`);
  return tally;
}

/** Runs at most `limit` tasks at a time, in the order in which they came. */
function makeSchedule(limit) {
  const waiting = [];
  let free = limit;
  return async (task) => {
    if (free === 0) await new Promise((go) => waiting.push(go));
    else free -= 1;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
