import { MiraiError } from '../errors.js';
import type { Launch, LaunchConfig, LaunchResult } from './launch-config.js';
import type { LaunchTarget } from './launch-target.js';

/**
 * Starts the daemons of a configuration all at once, and waits for all, also when some of them fail.
 *
 * @param dryRun only says what would be run
 * @throws MiraiError for those that failed
 */
export async function launchAll(
  config: LaunchConfig,
  target: LaunchTarget,
  dryRun: boolean,
): Promise<LaunchResult[]> {
  const launches = config.plan(target);
  if (dryRun) {
    return launches.map(({ command }) => ({ command, state: 'planned', id: undefined, output: '' }));
  }
  const outcomes = await Promise.allSettled(launches.map(launched));
  const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  if (errors.length > 0 && outcomes.length === 1) throw errors[0];
  if (errors.length > 0) {
    const messages = errors.map((error) => (error instanceof Error ? error.message : String(error)));
    throw new MiraiError(
      `launchRemote: ${errors.length} of ${outcomes.length} launches by ${config.launcher} failed:\n${messages.join('\n')}`,
      { cause: new AggregateError(errors) },
    );
  }
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}

async function launched({ command, run }: Launch): Promise<LaunchResult> {
  return { command, ...(await run()) };
}
