// Runs programs that use the packed package as hosts of daemons: plain, bundled, in TypeScript, and under a test runner.
import { availableParallelism } from 'node:os';
import { bundle } from './bundles.mjs';
import { hostsIn } from './hosts.mjs';
import { runHost } from './run-host.mjs';
import { stage } from './stage.mjs';

const chosen = process.argv.slice(2);
const project = await stage();
try {
  const runs = hostsIn({ ...project, bundles: await bundle(project) })
    .filter(({ name }) => chosen.length === 0 || chosen.some((part) => name.includes(part)))
    .flatMap((host) => (host.engines ?? ['threads', 'processes']).map((engine) => ({ host, engine })));
  if (runs.length === 0) throw new Error(`no host is called ${chosen.join(' or ')}`);
  let failed = 0;
  const work = async () => {
    for (let run = runs.shift(); run; run = runs.shift()) {
      const faults = await runHost(run.host, run.engine);
      if (faults.length > 0) failed += 1;
      console.log(
        `${faults.length > 0 ? 'FAILED ' : 'ok     '} ${[run.host.name, run.engine].filter(Boolean).join(', ')}`,
      );
      for (const fault of faults) console.log(`  ${fault.replaceAll('\n', '\n  ')}`);
    }
  };
  const count = runs.length;
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  console.log(failed > 0 ? `${failed} of ${count} failed` : `all ${count} are as they should be`);
  process.exitCode = failed > 0 ? 1 : 0;
} finally {
  project.remove();
}
