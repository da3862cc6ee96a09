// Writes docs/runtimes.md: a command its own rows, and the other rows as they are.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTelemetry3, root, sdks } from './paths.mjs';

const file = join(root, 'docs/runtimes.md');

const runtimes = ['Node 20', 'Node 22', 'Node 24', 'Node 26', 'Bun', 'Deno', 'Chromium', 'Firefox', 'WebKit'];

const results = [
  'Runtime',
  'Version',
  'OpenTelemetry',
  'Core',
  'Await',
  'Testing',
  'Promises/A+ (of 872)',
  'Failed',
  'Left out',
  'Context managers',
];
const left = ['Runtime', 'OpenTelemetry', 'Tests', 'Left out because'];

/** Replaces the rows of the runtimes that ran: `{ name, version, openTelemetry, tally }` each. */
export function updateTable(ran) {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const ranKeys = new Set(ran.map(({ name, openTelemetry }) => `${name}, ${openTelemetry}`));
  const kept = (heads, openTelemetryAt) =>
    rowsOf(before, heads).filter((cells) => !ranKeys.has(`${cells[0]}, ${majorOf(cells[openTelemetryAt])}`));
  const text = page(
    [...kept(results, 2), ...ran.map(resultRow)].sort(byRuntime(2)),
    [...kept(left, 1), ...ran.flatMap(leftRows)].sort(byRuntime(1)),
  );
  writeFileSync(file, text);
}

function page(resultRows, leftOutRows) {
  return `# Runtimes

The suites of this repository, run from the package that \`npm pack\` makes, in the runtimes that it supports. The two
commands below write this page.

${table(results, resultRows)}

- *Core*: the promise, the domains, the span handoff, and random programs. *Await*: what keeps the context across a native
  \`await\`. *Testing*: the testing kit, whose recordings are the same text everywhere. *Promises/A+*: passed outside any
  domain, and with every test in the handoff domain.
- *Context managers*: those under which the tests of OpenTelemetry's context managers passed. In browsers
  \`DomainContextManager\` runs what elsewhere runs under the AsyncLocalStorage manager.

## What is left out

A test is left out where the runtime lacks what it needs, or is known to differ from the language in it. Each known
difference is a test that has to fail there.

${table(left, leftOutRows)}

Tests of guides, types, leaks, build tools and the sources themselves run on Node alone, by \`npm test\`.

## Run them

On Linux, x64:

\`\`\`sh
npm ci
npm run build
npm ci --prefix test/engines
npm run test:engines
sudo apt-get install --yes --no-install-recommends chromium firefox-esr webkit2gtk-driver xvfb
npm run test:browsers
\`\`\`

Names choose among them: \`npm run test:engines -- Bun "Node 24"\`, \`npm run test:browsers -- webkit\`.
`;
}

function resultRow({ name, version, openTelemetry, tally }) {
  const { passed, failures, leftOut, managers } = tally;
  return [
    name,
    version,
    packagesOf(openTelemetry),
    String(passed.core),
    String(passed.await),
    String(passed.testing),
    `${passed['aplus outside']}, ${passed['aplus inside']}`,
    String(failures.length),
    String([...leftOut.values()].reduce((sum, count) => sum + count, 0)),
    [...managers].sort().join(', '),
  ];
}

function leftRows({ name, openTelemetry, tally }) {
  const reasons = [...tally.leftOut].sort(([a], [b]) => (a < b ? -1 : 1));
  return reasons.map(([reason, count]) => [name, packagesOf(openTelemetry), String(count), reason]);
}

/** Such as `API 1.9.1, SDK 2.12.1`. */
function packagesOf(openTelemetry) {
  const folder = openTelemetry === 3 ? openTelemetry3 : root;
  const version = (name) =>
    JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')).version;
  return `API ${version('@opentelemetry/api')}, SDK ${version(sdks[openTelemetry])}`;
}

function majorOf(packages) {
  return /SDK (\d+)/.exec(packages)?.[1];
}

/** Runtimes in their order, the older SDK first; rows of the same stay as they are. */
function byRuntime(openTelemetryAt) {
  const rank = (cells) => runtimes.indexOf(cells[0]) * 10 + Number(majorOf(cells[openTelemetryAt]));
  return (a, b) => rank(a) - rank(b);
}

function table(heads, rows) {
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The cells of the table with these heads, without its first two lines. */
function rowsOf(text, heads) {
  const lines = text.split('\n');
  const start = lines.indexOf(`| ${heads.join(' | ')} |`);
  if (start === -1) return [];
  const rest = lines.slice(start + 2);
  const end = rest.findIndex((line) => !line.startsWith('|'));
  return rest.slice(0, end).map((line) => line.slice(2, -2).split(' | '));
}
