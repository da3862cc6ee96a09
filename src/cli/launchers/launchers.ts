import type { Scheduler } from '../../mirai/launch/schedulers.js';
import { clusterLauncher } from './cluster.js';
import { commandLauncher } from './command.js';
import { httpLauncher } from './http.js';
import type { Launcher } from './launcher.js';
import { localLauncher } from './local.js';
import { sshLauncher } from './ssh.js';

const clusters: readonly (readonly [Scheduler, title: string, directive: string])[] = [
  ['slurm', 'Slurm (sbatch)', '#SBATCH --mem=10G'],
  ['sge', 'Grid Engine (qsub)', '#$ -l h_vmem=10G'],
  ['pbs', 'PBS Professional or OpenPBS (qsub)', '#PBS -l select=1:ncpus=1:mem=10gb'],
  ['torque', 'Torque (qsub)', '#PBS -l mem=10gb'],
  ['lsf', 'LSF (bsub)', '#BSUB -M 10GB'],
];

export const launchers: readonly Launcher[] = [
  sshLauncher,
  ...clusters.map(([name, title, directive]) => clusterLauncher(name, title, directive)),
  commandLauncher,
  httpLauncher,
  localLauncher,
];
