import { check } from '../../errors.js';
import { checkChoice, checkCount, checkText, checkTimeout } from './check-config.js';
import { checkDaemon, daemonCommand, type LaunchDaemonOptions } from './daemon-command.js';
import type { LaunchConfig } from './launch-config.js';
import { quoteWithInput } from './quote.js';
import { runCommand } from './run-command.js';
import { type Scheduler, schedulers } from './schedulers.js';
import { startIn } from './start-in.js';

export interface ClusterConfig {
  /** `'pbs'` is PBS Professional and OpenPBS. */
  scheduler: Scheduler;
  /** How many daemons; more than one are an array job. Default: 1. */
  n?: number;
  /**
   * Lines of the script, before the one that starts the daemon: directives such as `#SBATCH --mem=10G`, then shell commands
   * such as `module load node`. They are taken as they are. The range of an array job is not among them.
   */
  options?: string | readonly string[];
  /** The program that submits. Default: `sbatch`, `qsub` or `bsub`. */
  command?: string;
  /** Directory that daemons are started in. Default: what the scheduler chooses. */
  workdir?: string;
  /** Milliseconds that submitting may take. Default: 60,000. */
  timeout?: number;
  daemon?: LaunchDaemonOptions;
}

/**
 * Starts daemons as jobs of a cluster: a script goes to the program that submits, on its stdin.
 *
 * Slurm and LSF run jobs in the environment of the host, with `NATS_TOKEN` and the like if they are set; SGE, PBS and Torque
 * do with `-V` among the directives. Tokens and passwords that are given in code are not sent.
 *
 * @throws TypeError, RangeError if an option is not what it must be
 *
 * Source: `cluster_config()` of the R package `mirai`.
 */
export function clusterConfig(config: ClusterConfig): LaunchConfig {
  check('clusterConfig: config', 'object', config, 'an object');
  const names = Object.keys(schedulers) as Scheduler[]; // cast: they are its keys
  const scheduler = checkChoice('clusterConfig: config.scheduler', config.scheduler, names);
  const { program, preamble, array } = schedulers[scheduler];
  const { command = program, workdir, daemon } = config;
  const n = checkCount('clusterConfig: config.n', config.n);
  const lines = linesOf(config.options);
  const timeout = checkTimeout('clusterConfig: config.timeout', config.timeout);
  checkText('clusterConfig: config.command', command);
  if (workdir !== undefined) checkText('clusterConfig: config.workdir', workdir);
  checkDaemon('clusterConfig: config.daemon', daemon);
  return {
    launcher: scheduler,
    plan(target) {
      const words = daemonCommand('clusterConfig: config.daemon', target, daemon);
      const input = ['#!/bin/sh', ...preamble(lines), ...lines, startIn(workdir, words), ''].join('\n');
      const argv = [command, ...(n === 1 ? [] : array(n, lines))];
      return [
        {
          command: quoteWithInput(argv, input),
          run: () => runCommand(argv, { input, timeout, untilReady: false }),
        },
      ];
    },
  };
}

function linesOf(options: unknown): readonly string[] {
  if (options === undefined) return [];
  const where = 'clusterConfig: config.options';
  const list: readonly unknown[] = Array.isArray(options) ? options : [options];
  return list.flatMap((each) => {
    check(where, 'string', each, 'a string or an array of strings');
    // Without the empty lines at both ends that text in code has.
    const text = String(each)
      .replace(/^(?:[ \t]*\r?\n)+/, '')
      .trimEnd();
    if (text.includes('\0')) throw new TypeError(`${where} must be text without NUL`);
    if (text === '') return [];
    // Directives count only at the start of a line, which text in code that is indented has not.
    return text.split(/\r?\n/).map((line) => line.replace(/^\s+(?=#)/, ''));
  });
}
