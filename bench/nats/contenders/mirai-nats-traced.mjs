// As a host that traces: every span is recorded and exported, those of daemons too.
import { startTracing } from '../../mirai/tracing.mjs';

const tracing = startTracing();

export async function open(...plan) {
  const untraced = await import('./mirai-nats.mjs');
  const pool = await untraced.open(...plan);
  let calls = 0;
  return {
    call(name, args) {
      calls++;
      return pool.call(name, args);
    },
    async close() {
      await pool.close();
      await tracing.expectSpans({ mirai: calls, 'daemon eval': calls });
    },
  };
}
