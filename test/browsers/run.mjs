// Runs the suites from the built package in Chromium, Firefox and WebKit; with names, such as `webkit`, in those alone.
import { chosenOf } from '../engines/paths.mjs';
import { printTally, printTotal } from '../engines/report.mjs';
import { prepare } from '../engines/stage.mjs';
import { updateTable } from '../engines/table.mjs';
import { browserNames, browserVersion } from './launch.mjs';
import { startRun } from './run-browser.mjs';
import { serve } from './server.mjs';

const titles = { chromium: 'Chromium', firefox: 'Firefox', webkit: 'WebKit' };
const chosen = [...chosenOf(browserNames)];
const { folders, files, notes, remove } = await prepare([{ platform: 'browser', openTelemetry: 2 }]);
for (const note of notes) console.log(note);

const tasks = [
  ...files.map(({ file, suite }) => ({ name: file, bundle: bundleOf(file), column: () => suite })),
  { name: 'aplus', bundle: bundleOf('engines/inside/aplus.mjs'), column: aplusColumn },
];
const runs = new Map(chosen.map((name) => [name, startRun(name, tasks)]));
const server = await serve(
  tasks.map(({ name, bundle }) => ({ name, bundle })),
  folders[0],
  (browser, at, events) => runs.get(browser).take(at, events),
);
const running = chosen.map((name) => runs.get(name).run(server.urlFor(name)));
const tallies = [];
const rows = [];
for (const [at, name] of chosen.entries()) {
  const tally = await running[at];
  tallies.push(tally);
  const version = await browserVersion(name).catch(() => undefined);
  printTally([titles[name], version, 'with OpenTelemetry 2'].filter(Boolean).join(' '), tally);
  if (version) rows.push({ name: titles[name], openTelemetry: 2, version, tally });
}
server.close();
remove();
updateTable(rows);
printTotal(tallies);

function bundleOf(file) {
  return `/tests/${file.replace(/\.ts$/, '.mjs')}`;
}

function aplusColumn({ title }) {
  return title.startsWith('outside') ? 'aplus outside' : 'aplus inside';
}
