import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { scratchFolder } from '../../support/scratch.js';
import { until } from '../../support/until.js';

interface Launched {
  argv: string[];
  env: Record<string, string>;
  pid: number;
  cwd: string;
}

/** `stay` after saying that it is ready, or `end`; stay and be `silent`; `fail`. */
type Behaviour = 'stay' | 'end' | 'silent' | 'fail';

/** A program in the place of a daemon, which writes down how it was started, and does not survive the running test. */
export function fakeDaemon(behaviour: Behaviour = 'stay') {
  const file = join(scratchFolder(), 'launched.json');
  const program = fileURLToPath(new URL('../../programs/launched.mjs', import.meta.url));
  const read = () => JSON.parse(readFileSync(file, 'utf8')) as Launched; // cast: it writes one
  onTestFinished(() => {
    if (!existsSync(file)) return;
    try {
      process.kill(read().pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  });
  return {
    /** `daemon.command` of a configuration. */
    command: [process.execPath, program, file, behaviour],
    hasStarted: () => existsSync(file),
    async started(): Promise<Launched> {
      await until(() => existsSync(file));
      return read();
    },
  };
}
