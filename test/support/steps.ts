import { activeName } from './tracing.js';

/**
 * Records what is active at each step, numbered as in the acceptance timeline: a tick is a turn of the job queue in
 * which at least one step happens.
 */
export function recordSteps() {
  const steps: Record<string, [label: string, active: string | undefined]> = {};
  let tick = -1;
  let stepInTick = 0;
  let turnOver = true;
  return {
    steps,
    step(label: string): void {
      if (turnOver) {
        turnOver = false;
        tick += 1;
        stepInTick = 0;
        queueMicrotask(() => {
          turnOver = true;
        });
      }
      steps[`t${tick}.${stepInTick++}`] = [label, activeName()];
    },
  };
}
