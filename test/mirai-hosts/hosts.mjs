import { join } from 'node:path';
import { root, toolOf } from './stage.mjs';

/** The programs, by how they are written, built and run. */
export function hostsIn({ installed, bundles }) {
  const node = (name, cwd, args, command = process.execPath) => ({ name, command, args, cwd });
  const inProject = (folder) => join(installed, folder);
  const node24 = toolOf('node-24/bin/node');
  const tsx = toolOf('tsx/dist/cli.mjs');
  return [
    node('plain ESM', inProject('esm'), ['host.js']),
    node('plain CommonJS', inProject('esm'), ['host.cjs']),
    node('TypeScript compiled to CommonJS', inProject('cjs'), ['host.cjs']),
    { ...node('TypeScript run by tsx', inProject('ts'), [tsx, 'host.ts']), engines: ['processes'] },
    {
      ...node('TypeScript run by tsx, registered in threads', inProject('ts'), [tsx, 'host.ts']),
      engines: ['threads'],
      more: [join(installed, 'ts/register-tsx.mjs')],
    },
    node('TypeScript run by tsx on Node 24', inProject('ts'), [tsx, 'host.ts'], node24),
    node('TypeScript run by Node 24', inProject('ts'), ['host.ts'], node24),
    ...bundles.map(({ name, folder, file }) => node(`bundled by ${name}`, folder, [file])),
    // Vite names packages in another way where they are outside of its root.
    checker('under vitest', installed, ['node_modules/vitest/vitest.mjs', 'run']),
    checker('under vitest in a folder', inProject('test'), ['node_modules/vitest/vitest.mjs', 'run']),
    checker('types of the program', inProject('ts'), ['node_modules/typescript/bin/tsc', '--project', '.']),
  ];
}

/** What says by its exit code whether all is well, for both engines at once. */
const checker = (name, cwd, [tool, ...args]) => ({
  name,
  command: process.execPath,
  args: [join(root, tool), ...args],
  cwd,
  engines: [undefined],
  reports: false,
});
