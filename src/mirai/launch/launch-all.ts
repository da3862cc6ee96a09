import { MiraiError } from '../errors.js';
import type { Launch, LaunchConfig, LaunchResult } from './launch-config.js';
import type { LaunchTarget } from './launch-target.js';

/**
 * Starts the daemons of a configuration all at once, and waits for all, also when some of them fail.
 *
 * @param dryRun only says what would be run
 * @param tell is told of each that has been started, or would be, as soon as that is known
 * @throws MiraiError for those that failed
 */
export async function launchAll(
  config: LaunchConfig,
  target: LaunchTarget,
  dryRun: boolean,
  tell: (result: LaunchResult) => void = () => undefined,
): Promise<LaunchResult[]> {
  const launches = config.plan(target);
  if (dryRun) {
    return launches.map(({ command }) => {
      const result: LaunchResult = { command, state: 'planned', id: undefined, output: '' };
      tell(result);
      return result;
    });
  }
  const outcomes = await Promise.allSettled(launches.map((each) => launched(each, tell)));
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

async function launched(
  { command, run }: Launch,
  tell: (result: LaunchResult) => void,
): Promise<LaunchResult> {
  const result = { command, ...(await run()) };
  tell(result);
  return result;
}
