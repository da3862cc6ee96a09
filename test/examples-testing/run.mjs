// Runs examples/testing: what passes must pass, and what is broken must fail, with messages that say what is wrong and where.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const example = new URL('../../examples/testing/', import.meta.url);
const built = new URL('../../dist/', import.meta.url);
const installed = new URL('node_modules/otel-promise-domain/dist/', example);
const INSTALL = 'npm ci --prefix examples/testing';

for (const [needed, command] of [
  [new URL('index.js', built), 'npm run build'],
  [new URL('node_modules/vitest/package.json', example), INSTALL],
]) {
  if (!existsSync(needed)) stop(`Something is missing, run this first: ${command}`);
}
// The example has a copy, as of a package from the registry.
if (!isSameBuild()) stop(`The example has installed another build, run this first: ${INSTALL}`);

function stop(message) {
  console.error(message);
  process.exit(1);
}

function isSameBuild() {
  const filesOf = (folder) =>
    readdirSync(folder, { recursive: true })
      .filter((file) => file.includes('.'))
      .sort();
  const files = existsSync(installed) ? filesOf(installed) : [];
  const isSame = (file) => readFileSync(new URL(file, built)).equals(readFileSync(new URL(file, installed)));
  return files.join() === filesOf(built).join() && files.every(isSame);
}

/** `broken-shop.mjs:31:`, of the line after the head of a function. */
function placeIn(name) {
  const lines = readFileSync(new URL('broken-shop.mjs', example), 'utf8').split('\n');
  return `broken-shop.mjs:${lines.findIndex((line) => line.includes(`function ${name}(`)) + 2}:`;
}

const neverEnded = placeIn('neverEnd');
const forgotten = placeIn('forgetDomain');

/** The parts that the messages of a test hold, each in a line of its own, by the title of the test. */
const faults = {
  'caught by an assertion a lost span, by its child': [
    ['expected: format is started as a child of load cart'],
    ['happened: format is started at t2.1 as a root'],
    ['→ t2.1', 'start span format'],
  ],
  'caught by an assertion a lost span, by the step': [
    ['expected: load cart is handed off at t2.0'],
    ['happened: t2.0: #1 formatCart runs; no span is active'],
    ['since at t0.5: #1 then(formatCart) captures nothing: no domain'],
    ['→ t2.0', '#1 formatCart runs'],
  ],
  'caught by an assertion a span that is ended twice': [
    ['expected: load cart ends once'],
    ['happened: load cart ends at t1.1 and t2.1'],
    ['→ t1.1', 'end span load cart'],
    ['→ t2.1', 'end span load cart again: it has ended at t1.1'],
  ],
  'caught by an assertion a span that is never ended': [
    ['expected: no span is left open'],
    ['happened: load cart is open, started at t0.0 by neverEnd', neverEnded],
    ['→ t0.0', 'start span load cart'],
  ],
  'caught by an assertion a forgotten domain': [
    ['expected: no domain is left installed and no context attached'],
    ['happened: domain otel was not disposed, installed at t0.0 by forgetDomain', forgotten],
    ['→ t0.0', 'enter domain otel'],
  ],
  'caught by the hook a span that is never ended': [
    ['the test has left behind:'],
    ['the open span load cart, started by neverEnd', neverEnded],
  ],
  'caught by the hook a forgotten domain': [
    ['the test has left behind:'],
    ['the installed domain otel, installed by forgetDomain', forgotten],
  ],
};

/** What the JSON reporters of vitest and Jest write, which is the same. */
function readJson(output) {
  const { testResults } = JSON.parse(output.slice(output.indexOf('{"')));
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ fullName, status, failureMessages }) => ({
      title: fullName,
      passed: status === 'passed',
      message: failureMessages.join('\n'),
    })),
  );
}

/** What the TAP reporter of node:test writes: a suite, which is a describe(), follows its tests, which are indented. */
function readTap(output) {
  const tests = [];
  let suite = '';
  for (const part of output.split(/^(?= *(?:# Subtest:|ok|not ok) )/m)) {
    const [, indent, kind, title] = /^( *)(# Subtest:|ok \d+ -|not ok \d+ -) (.*)/.exec(part) ?? [];
    if (kind === '# Subtest:' && indent === '') suite = title;
    else if (kind && kind !== '# Subtest:' && !part.includes("type: 'suite'"))
      tests.push({
        title: indent === '' ? title : `${suite} ${title}`,
        passed: kind.startsWith('ok'),
        message: part,
      });
  }
  return tests;
}

const runners = [
  { name: 'vitest', script: 'vitest', args: ['--', '--reporter=json'], read: readJson, count: 8 },
  { name: 'node:test', script: 'node', nodeOptions: '--test-reporter=tap', read: readTap, count: 7 },
  { name: 'Jest', script: 'jest', args: ['--', '--json'], read: readJson, count: 7 },
];

/** Runs a script of the example; what it says where it cannot be read. */
function runSuite(script, { args = [], nodeOptions = '', read }) {
  // A runner that this one is started by, and its options, are no business of the example's.
  const { NODE_TEST_CONTEXT, VITEST, JEST_WORKER_ID, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', script, ...args], {
    cwd: fileURLToPath(example),
    encoding: 'utf8',
    env: { ...env, NO_COLOR: '1', FORCE_COLOR: undefined, CI: '1', NODE_OPTIONS: nodeOptions },
  });
  try {
    return { status, tests: read(stdout) };
  } catch (error) {
    throw new Error(`npm run ${script} cannot be read: ${error.message}\n${stdout}\n${stderr}`);
  }
}

function* checkPassing({ status, tests }, count) {
  for (const { title, message } of tests.filter(({ passed }) => !passed)) yield `${title} fails:\n${message}`;
  if (tests.length !== count) yield `${tests.length} tests instead of ${count}`;
  if (status !== 0) yield `the exit code is ${status}`;
}

function* checkFailing({ status, tests }) {
  for (const [wanted, lines] of Object.entries(faults)) {
    const test = tests.find(({ title }) => title === wanted);
    if (!test) yield `there is no test: ${wanted}`;
    else if (test.passed) yield `${wanted}: passes, and should not`;
    else {
      for (const parts of lines)
        if (!test.message.split('\n').some((line) => parts.every((part) => line.includes(part))))
          yield `${wanted}: no line has ${parts.join(' and ')} in\n${test.message}`;
      if (test.message.includes('undefined')) yield `${wanted}: shows what is not there in\n${test.message}`;
    }
  }
  for (const { title } of tests) if (!(title in faults)) yield `there is another test: ${title}`;
  if (status !== 1) yield `the exit code is ${status}`;
}

let failed = 0;
function tell(what, differences) {
  if (differences.length > 0) failed += 1;
  console.log(`${differences.length > 0 ? 'FAILED ' : 'ok     '} ${what}`);
  for (const difference of differences) console.log(`  ${difference.replaceAll('\n', '\n  ')}`);
}

for (const runner of runners) {
  const { name, script, count } = runner;
  tell(`${name}: ${count} tests pass`, [...checkPassing(runSuite(`test:${script}`, runner), count)]);
  const number = Object.keys(faults).length;
  tell(`${name}: ${number} tests fail as they should`, [
    ...checkFailing(runSuite(`failing:${script}`, runner)),
  ]);
}
console.log(failed > 0 ? `${failed} of ${2 * runners.length} failed` : 'all is as it should be');
process.exitCode = failed > 0 ? 1 : 0;
