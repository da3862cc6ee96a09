// Builds examples/browser and opens it in real browsers: each click must give one complete trace, across all awaits.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { browserNames, browserVersion, launchBrowser } from '../browsers/launch.mjs';
import { expectedTrees } from './expected.mjs';
import { drawTrees, faultsOf } from './trees.mjs';

const example = new URL('../../examples/browser/', import.meta.url);
const DEADLINE = 60_000;

for (const [needed, command] of [
  ['node_modules/vite/package.json', 'npm ci --prefix examples/browser'],
  ['../../dist/index.js', 'npm run build'],
]) {
  if (!existsSync(new URL(needed, example))) stop(`Something is missing, run this first: ${command}`);
}

const chosen = process.argv.length > 2 ? process.argv.slice(2) : browserNames;
const versions = new Map();
for (const name of chosen) {
  versions.set(name, await browserVersion(name).catch((error) => stop(error.message)));
}
runInExample('typecheck');
runInExample('build');
const { startServer } = await import(new URL('server.mjs', example));
const { inPairs } = await import(new URL('backend/pace.mjs', example));

function runInExample(script) {
  const { status, output } = spawnSync('npm', ['run', script], {
    cwd: fileURLToPath(example),
    encoding: 'utf8',
  });
  if (status !== 0) stop(`npm run ${script} fails in examples/browser:\n${output?.join('') ?? ''}`);
}

function stop(message) {
  console.error(message);
  process.exit(1);
}

/** Opens the page, which clicks its two buttons, and returns all spans once the page has exported its own. */
async function collectSpans(browserName, mode) {
  const server = await startServer({ pace: inPairs() });
  try {
    const driven = once(server.traces.events, 'driven');
    const browser = await launchBrowser(browserName, `${server.address}${mode}/?drive`);
    const ended = browser.ended.then((reason) => `the browser ended: ${reason}\n${browser.output()}`);
    const outcome = await within(DEADLINE, Promise.race([driven, ended])).finally(browser.close);
    if (typeof outcome === 'string')
      throw new Error(`${outcome}\n${drawTrees(server.traces.spans()).join('\n')}`);
    const [strays] = outcome;
    if (strays !== 0) throw new Error(`a span was active in ${strays} jobs that belong to no click`);
    return server.traces.spans();
  } finally {
    server.close();
  }
}

/** What `promise` resolves to, or what there is to say if it does not in time. */
async function within(milliseconds, promise) {
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve('the page was not done in time'), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function checkWhole(spans) {
  const faults = faultsOf(spans);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  const trees = drawTrees(spans);
  if (trees.join('\n') === expectedTrees.join('\n')) return;
  const unexpected = trees.filter((tree) => !expectedTrees.includes(tree));
  throw new Error(`${trees.length} traces, of which these are wrong:\n${unexpected.join('\n')}`);
}

/** That the checks can fail: with the awaits left as they are, the same spans are there and not in their traces. */
function checkFallenOut(spans) {
  const count = expectedTrees.join('').split('\n').length - 1;
  if (spans.length !== count) throw new Error(`${spans.length} spans instead of ${count}`);
  if (drawTrees(spans).length === expectedTrees.length) throw new Error('no span fell out of its trace');
}

const checks = [
  { mode: 'by-hand', title: 'awaits wrapped by hand: both traces are whole', check: checkWhole },
  { mode: 'plugin', title: 'awaits wrapped by the plugin: both traces are whole', check: checkWhole },
  {
    mode: 'without',
    title: 'awaits not wrapped: spans fall out, as the checks must see',
    check: checkFallenOut,
  },
];

let passed = 0;
let failed = 0;
for (const name of chosen) {
  for (const { mode, title, check } of checks) {
    try {
      check(await collectSpans(name, mode));
      passed++;
      console.log(`ok      ${name} ${versions.get(name)}, ${title}`);
    } catch (error) {
      failed++;
      console.log(`FAILED  ${name}, ${title}\n${error.message}`);
    }
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
