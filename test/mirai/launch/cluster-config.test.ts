import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clusterConfig } from '../../../src/mirai/launch/cluster-config.js';
import { isAlive } from '../support/run-program.js';
import { scratchFolder } from '../support/scratch.js';
import { until } from '../support/until.js';
import { launch, launchFailure, planned } from './support/launch.js';
import { fakeDaemon } from './support/launched.js';
import { daemonLine } from './support/target.js';

// The manual pages that this holds to:
// sbatch(1), slurm.schedmd.com/sbatch.html: without a file name the script is read from standard input; "#SBATCH" lines
//   count before the first command; `-a, --array=<indexes>`; options of the command line win over those of the script.
// sge_submit(1) of Grid Engine: without a command, or with `-`, qsub reads the script from standard input; "#$" lines;
//   `-t n[-m[:s]]` is an array job; `-S` is the shell that interprets the script.
// qsub(1B) of PBS Professional: the script is read from standard input unless one is named; `-J X-Y[:Z]` is a job array,
//   and Y is greater than X; "#PBS" lines before the first command, over which the command line wins; `-S`.
// qsub(1B) of Torque: the same, with `-t` for the array.
// bsub(1) of IBM Spectrum LSF: `bsub < script` spools a script with "#BSUB" lines; `-J "name[1-4]"` is a job array.

test('clusterConfig() - Slurm', async () => {
  const options = '\n#SBATCH --job-name=mirai\n  #SBATCH --mem=10G\n\n  module load node\n \n';
  expect(await planned(clusterConfig({ scheduler: 'slurm', n: 4, options }))).toEqual([
    `sbatch --array=1-4 <<'EOF'
#!/bin/sh
#SBATCH --job-name=mirai
#SBATCH --mem=10G

  module load node
exec ${daemonLine}
EOF`,
  ]);
});

test('clusterConfig() - Grid Engine', async () => {
  const config = clusterConfig({ scheduler: 'sge', n: 4, options: ['#$ -N mirai', '#$ -l h_vmem=10G'] });
  expect(await planned(config)).toEqual([
    `qsub -t 1-4 <<'EOF'
#!/bin/sh
#$ -S /bin/sh
#$ -N mirai
#$ -l h_vmem=10G
exec ${daemonLine}
EOF`,
  ]);
});

test.each([
  ['sge', '#$ -N x -S /bin/bash'],
  ['pbs', '#PBS -S /bin/bash'],
] as const)('clusterConfig() - %s, a shell that is chosen: %s', async (scheduler, options) => {
  const [command] = await planned(clusterConfig({ scheduler, options }));
  expect(command).toBe(`qsub <<'EOF'\n#!/bin/sh\n${options}\nexec ${daemonLine}\nEOF`);
});

test('clusterConfig() - PBS Professional', async () => {
  const config = clusterConfig({
    scheduler: 'pbs',
    n: 4,
    options: '#PBS -l select=1:mem=10gb',
    workdir: '/srv/my app',
  });
  expect(await planned(config)).toEqual([
    `qsub -J 1-4 <<'EOF'
#!/bin/sh
#PBS -S /bin/sh
#PBS -l select=1:mem=10gb
cd '/srv/my app' && exec ${daemonLine}
EOF`,
  ]);
});

test('clusterConfig() - Torque', async () => {
  expect(await planned(clusterConfig({ scheduler: 'torque', n: 4, options: '#PBS -l mem=10gb' }))).toEqual([
    `qsub -t 1-4 <<'EOF'
#!/bin/sh
#PBS -S /bin/sh
#PBS -l mem=10gb
exec ${daemonLine}
EOF`,
  ]);
});

test.each([
  ['#BSUB -M 10GB', 'otel-mirai[1-4]'],
  ['#BSUB -q long -J crunch', 'crunch[1-4]'],
  ['#BSUB -J "crunch"', 'crunch[1-4]'],
])('clusterConfig() - LSF, with %s', async (options, name) => {
  expect(await planned(clusterConfig({ scheduler: 'lsf', n: 4, options }))).toEqual([
    `bsub -J '${name}' <<'EOF'
#!/bin/sh
${options}
exec ${daemonLine}
EOF`,
  ]);
});

// An array of one is an error in PBS Professional.
test.each([
  ['slurm', 'sbatch'],
  ['sge', 'qsub'],
  ['pbs', 'qsub'],
  ['torque', 'qsub'],
  ['lsf', 'bsub'],
] as const)('clusterConfig() - %s, one daemon is no array', async (scheduler, program) => {
  const [command] = await planned(clusterConfig({ scheduler }));
  expect(command?.split('\n')[0]).toBe(`${program} <<'EOF'`);
});

/** A program that keeps what it is given, in the place of one that submits. */
function submitter(script = "echo 'Submitted batch job 4711'") {
  const folder = scratchFolder();
  const path = join(folder, 'sbatch');
  writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' "$@" > "$0.args"\ncat > "$0.stdin"\n${script}\n`);
  chmodSync(path, 0o755);
  return {
    path,
    args: () => readFileSync(`${path}.args`, 'utf8'),
    script: () => readFileSync(`${path}.stdin`, 'utf8'),
  };
}

test('clusterConfig() - the script goes to stdin, and starts the daemon where it is run', async () => {
  const { path, args, script } = submitter();
  const daemon = fakeDaemon('end');
  const folder = scratchFolder();
  const modules = ["it's $HOME", '/srv/b'];
  const config = clusterConfig({
    ...{ scheduler: 'slurm', n: 2, command: path, workdir: folder, options: 'export SET=by-script' },
    daemon: { command: daemon.command, modules },
  });
  expect(await launch(config)).toEqual([
    {
      ...{ state: 'submitted', id: undefined, output: 'Submitted batch job 4711' },
      command: expect.any(String),
    },
  ]);
  expect(args()).toBe('--array=1-2\n');
  expect(daemon.hasStarted()).toBe(false);

  const { stdout, status } = spawnSync('sh', ['-s'], { input: script(), encoding: 'utf8' });
  expect(status).toBe(0);
  // Nobody reads it but people.
  const { argv, env, cwd } = await daemon.started();
  expect(argv.join(' ')).toBe(
    "daemon --url nats://10.0.0.5:4222 --compute default --modules it's $HOME --modules /srv/b",
  );
  expect({ cwd, SET: env.SET }).toEqual({ cwd: folder, SET: 'by-script' });
  expect(stdout).toContain('"event":"ready"');
});

test('clusterConfig() - what is printed does the same when it is pasted', async () => {
  const { path, args, script } = submitter();
  const [command = ''] = await planned(
    clusterConfig({ scheduler: 'slurm', n: 3, command: path, options: 'EOF\necho "$HOME" `date` \\' }),
  );
  expect(existsSync(`${path}.args`)).toBe(false);
  expect(spawnSync('sh', { input: `${command}\n`, encoding: 'utf8' }).stdout).toBe(
    'Submitted batch job 4711\n',
  );
  expect(args()).toBe('--array=1-3\n');
  expect(script()).toBe(`#!/bin/sh\nEOF\necho "$HOME" \`date\` \\\nexec ${daemonLine}\n`);
});

test('clusterConfig() - a program that fails', async () => {
  const { path } = submitter('echo "sbatch: error: invalid partition" >&2; exit 1');
  expect(await launchFailure(clusterConfig({ scheduler: 'slurm', n: 2, command: path }))).toBe(
    `launchRemote: the command ${path} --array=1-2 failed with exit code 1: sbatch: error: invalid partition`,
  );
});

test('clusterConfig() - a program that does not read what it is given', async () => {
  const path = join(scratchFolder(), 'sbatch');
  writeFileSync(path, '#!/bin/sh\nexec 0<&-\necho "sbatch: error: no" >&2\nexit 3\n');
  chmodSync(path, 0o755);
  const options = `# ${'long '.repeat(100_000)}`;
  expect(await launchFailure(clusterConfig({ scheduler: 'slurm', command: path, options }))).toBe(
    `launchRemote: the command ${path} failed with exit code 3: sbatch: error: no`,
  );
});

test('clusterConfig() - a program that is not there', async () => {
  const command = join(scratchFolder(), 'sbatch');
  expect(await launchFailure(clusterConfig({ scheduler: 'slurm', command }))).toBe(
    `launchRemote: the command ${command} cannot be run: it is not installed`,
  );
});

test('clusterConfig() - a program that does not end is ended', async () => {
  const { path } = submitter('sleep 1000 & echo $$ $! > "$0.pids"; wait');
  expect(await launchFailure(clusterConfig({ scheduler: 'slurm', command: path, timeout: 300 }))).toBe(
    `launchRemote: the command ${path} was not done within 300 ms, and was ended`,
  );
  const pids = readFileSync(`${path}.pids`, 'utf8').trim().split(' ').map(Number);
  expect(pids).toHaveLength(2);
  await until(() => !pids.some(isAlive));
});

test.each<[unknown, string]>([
  [undefined, ' must be an object (got undefined)'],
  [{ scheduler: 'condor' }, ".scheduler must be 'slurm', 'sge', 'pbs', 'torque', 'lsf' (got \"condor\")"],
  [{ scheduler: 'toString' }, ".scheduler must be 'slurm', 'sge', 'pbs', 'torque', 'lsf' (got \"toString\")"],
  [{ n: '2' }, '.n must be a positive integer (got "2")'],
  [{ options: 1 }, '.options must be a string or an array of strings (got 1)'],
  [{ options: ['#SBATCH', null] }, '.options must be a string or an array of strings (got null)'],
  [{ options: 'a\0b' }, '.options must be text without NUL'],
  [{ command: '' }, '.command must be a string that is not empty (got "")'],
  [{ workdir: 1 }, '.workdir must be a string that is not empty (got 1)'],
  [{ timeout: '1s' }, '.timeout must be a number of milliseconds from 1 to 2147483647 (got "1s")'],
  [{ daemon: { modules: 1 } }, '.daemon.modules must be an array of paths (got 1)'],
])('clusterConfig(%j) throws a TypeError', (config, message) => {
  const given = config && { scheduler: 'slurm', ...config };
  expect(() => clusterConfig(given as never)).toThrow(new TypeError(`clusterConfig: config${message}`)); // cast: wrong
});

test.each([
  [{ n: 0 }, 'n must be a positive integer (got 0)'],
  [{ timeout: 0 }, 'timeout must be a number of milliseconds from 1 to 2147483647 (got 0)'],
])('clusterConfig(%j) throws a RangeError', (config, message) => {
  expect(() => clusterConfig({ scheduler: 'slurm', ...config })).toThrow(
    new RangeError(`clusterConfig: config.${message}`),
  );
});
