// The trace of a profile in other versions of Node, with both SDKs: `node test/mirai/telemetry/run-engines.mjs`.
import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { register } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engines, missing, versionOf } from '../../engines/engines.mjs';
import { prepareMirai } from '../../engines/stage.mjs';

register('../nats/support/typescript.mjs', import.meta.url);
const { startNatsServer } = await import('../support/nats-server.ts');

const here = fileURLToPath(new URL('.', import.meta.url));
const server = await startNatsServer();
let failed = 0;

for (const openTelemetry of [2, 3]) {
  const { folder, remove } = prepareMirai(openTelemetry);
  for (const name of ['hierarchy.mjs', 'programs'])
    cpSync(join(here, name), join(folder, name), { recursive: true });
  for (const engine of engines.filter((each) => each.id === 'node' && each.openTelemetry === openTelemetry)) {
    const install = missing(engine);
    const title = () => `${engine.name} ${versionOf(engine)} with OpenTelemetry ${openTelemetry}`;
    for (const daemons of ['threads', 'processes', server.url]) {
      try {
        if (install) throw new Error(`${engine.name} is missing, install it: ${install}`);
        const program = join('programs', 'check-hierarchy.mjs');
        execFileSync(engine.program, [program, daemons, String(openTelemetry)], {
          cwd: folder,
          stdio: 'pipe',
          timeout: 60_000,
        });
        console.log(`ok     ${title()}: ${daemons}`);
      } catch (error) {
        failed++;
        console.log(
          `FAILED ${engine.name}: ${daemons} ${String(error.stderr || error.message).slice(0, 1500)}`,
        );
      }
    }
  }
  remove();
}
await server.stop();
process.exitCode = failed > 0 ? 1 : 0;
