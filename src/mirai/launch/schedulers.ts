export type Scheduler = 'slurm' | 'sge' | 'pbs' | 'torque' | 'lsf';

interface SchedulerSyntax {
  /** What submits a script that it reads from stdin. */
  readonly program: string;
  /** Lines before those of the user. */
  preamble(lines: readonly string[]): readonly string[];
  /** Its options for an array of `n` jobs. On the command line they win over directives. */
  array(n: number, lines: readonly string[]): readonly string[];
}

/**
 * Sources: sbatch(1) of Slurm; sge_submit(1) of Grid Engine; qsub(1B) of PBS Professional and of Torque; bsub(1) of LSF, and
 * there "Job arrays".
 */
export const schedulers: Readonly<Record<Scheduler, SchedulerSyntax>> = {
  slurm: { program: 'sbatch', preamble: () => [], array: (n) => [`--array=1-${n}`] },
  // Without -S, the shell of the queue or of the user reads the script, whatever its first line says.
  sge: { program: 'qsub', preamble: shell('#$'), array: (n) => ['-t', `1-${n}`] },
  pbs: { program: 'qsub', preamble: shell('#PBS'), array: (n) => ['-J', `1-${n}`] },
  torque: { program: 'qsub', preamble: shell('#PBS'), array: (n) => ['-t', `1-${n}`] },
  // The range is a part of the name of the job.
  lsf: { program: 'bsub', preamble: () => [], array: (n, lines) => ['-J', `${nameOfJob(lines)}[1-${n}]`] },
};

function shell(prefix: string): SchedulerSyntax['preamble'] {
  const isSet = (line: string) => line.startsWith(prefix) && /\s-S\s/.test(line);
  return (lines) => (lines.some(isSet) ? [] : [`${prefix} -S /bin/sh`]);
}

function nameOfJob(lines: readonly string[]): string {
  const names = lines.map((line) => /^#BSUB\b.*?\s-J\s*["']?([\w.-]+)/.exec(line)?.[1]);
  return names.find((name) => name !== undefined) ?? 'otel-mirai';
}
