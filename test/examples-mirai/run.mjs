// Runs examples/mirai: the pictures must be made, the printed trace must be complete, and the program must end by itself.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultsOf, readTrace } from './trace.mjs';

const example = new URL('../../examples/mirai/', import.meta.url);
const built = new URL('../../dist/', import.meta.url);
const installed = new URL('node_modules/otel-promise-domain/dist/', example);
const INSTALL = 'npm ci --prefix examples/mirai';
const DEADLINE = 60_000;

for (const [needed, command] of [
  [new URL('mirai/index.js', built), 'npm run build'],
  [new URL('node_modules/sharp/package.json', example), INSTALL],
]) {
  if (!existsSync(needed)) stop(`Something is missing, run this first: ${command}`);
}
// The example has a copy, as of a package from the registry.
if (!isSameBuild()) stop(`The example has installed another build, run this first: ${INSTALL}`);

const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
try {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['main.mjs', folder], {
    cwd: fileURLToPath(example),
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined },
    timeout: DEADLINE,
  });
  const faults = [
    ...(signal ? [`it did not end by itself: ${signal}`] : []),
    ...(status === 0 ? [] : [`the exit code is ${status}`]),
    ...(stderr === '' ? [] : [`something is on stderr, where no terminal is: ${JSON.stringify(stderr)}`]),
    ...faultsOfPictures(stdout),
    ...faultsOf(readTrace(stdout), readdirSync(folder).length),
  ];
  for (const fault of faults) console.error(`FAILED  ${fault}`);
  if (faults.length > 0) console.error(stdout);
  else console.log('ok      examples/mirai: the pictures are made, the trace is complete, the program ends');
  process.exitCode = faults.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true });
}

/** What is printed of the pictures is what is there. */
function faultsOfPictures(stdout) {
  const printed = [...stdout.matchAll(/^(\S+\.webp) +(\d+) B$/gm)].map(
    ([, name, bytes]) => `${name} ${bytes}`,
  );
  const written = readdirSync(folder).map((name) => `${name} ${statSync(join(folder, name)).size}`);
  if (printed.length > 1 && printed.sort().join() === written.sort().join()) return [];
  return [`printed are ${printed.join(', ') || 'no pictures'}; written are ${written.join(', ') || 'none'}`];
}

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
