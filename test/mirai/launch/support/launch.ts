import { launchAll } from '../../../../src/mirai/launch/launch-all.js';
import type { LaunchConfig } from '../../../../src/mirai/launch/launch-config.js';
import type { LaunchTarget } from '../../../../src/mirai/launch/launch-target.js';
import { target } from './target.js';

/** The commands that it would run. */
export async function planned(config: LaunchConfig, to: LaunchTarget = target): Promise<string[]> {
  return (await launchAll(config, to, true)).map(({ command }) => command);
}

export function launch(config: LaunchConfig, to: LaunchTarget = target) {
  return launchAll(config, to, false);
}

/** Of a `MiraiError`. The class is not compared: this is another copy of it than the built one. */
export async function launchFailure(config: LaunchConfig, to: LaunchTarget = target): Promise<string> {
  try {
    await launch(config, to);
  } catch (error) {
    const { name, code, message } = error as { name: unknown; code: unknown; message: string }; // cast: thrown by us
    if (name === 'MiraiError' && code === 'miraiError') return message;
    throw error;
  }
  throw new Error('it did not fail');
}
