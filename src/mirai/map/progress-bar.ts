import type { SingleBar } from 'cli-progress';
import type { MapProgress, ProgressListener } from '../options.js';

/** A bar on stderr. */
export interface ProgressBar {
  readonly update: ProgressListener;
  /** Leaves it as it is. */
  stop(): void;
}

/** Draws a bar where stderr is a terminal. */
export function drawProgress(): ProgressBar {
  let bar: SingleBar | undefined;
  let last: MapProgress = { done: 0, total: undefined, partial: 0 };
  let isOver = !process.stderr.isTTY;
  const draw = () => {
    const { done, total, partial } = last;
    bar?.setTotal(total ?? Math.max(done + 1, 1));
    bar?.update(done + partial, { done, of: total ?? '?' });
  };
  const load = async () => {
    const { default: progress } = await import('cli-progress');
    if (isOver) return;
    const format = '{bar} {percentage}% | {done}/{of} | {duration_formatted}';
    bar = new progress.SingleBar({ format, hideCursor: true }, progress.Presets.shades_classic);
    bar.start(last.total ?? 1, 0, { done: 0, of: last.total ?? '?' });
    draw();
  };
  // Loaded when it is needed; most maps draw nothing.
  if (!isOver) void load();
  return {
    update(state) {
      last = state;
      draw();
    },
    stop() {
      isOver = true;
      bar?.stop();
    },
  };
}
