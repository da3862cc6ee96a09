// As a host that traces: every span is recorded and exported, those of daemons too.
import { startTracing } from '../tracing.mjs';

const tracing = startTracing();

export async function open(workers) {
  const untraced = await import('./mirai.mjs');
  const pool = await untraced.open(workers, { engine: 'threads' });
  let calls = 0;
  return {
    ...pool,
    call(name, argument, transfer) {
      calls++;
      return pool.call(name, argument, transfer);
    },
    async close() {
      await pool.close();
      await tracing.expectSpans({ mirai: calls, 'daemon eval': calls });
    },
  };
}
