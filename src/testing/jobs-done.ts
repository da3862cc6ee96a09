import { builtIn } from './built-in.js';

interface Timers {
  setTimeout(fn: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

// Reason for the cast: every runtime has the timers.
const globals = globalThis as unknown as Timers;

/** As they were when this module was loaded, those of Node where there are some: fake timers take the place of the global ones. */
const { setTimeout, clearTimeout } = { ...timersOf(globals), ...builtIn<Timers>('node:timers') };
const { nextTick } = builtIn<{ nextTick(fn: () => void): void }>('node:process') ?? {};

function timersOf({ setTimeout, clearTimeout }: Timers): Timers {
  return { setTimeout, clearTimeout };
}

/** Without `nextTick` nothing tells when the job queue is empty; after so many turns in which nothing happens it counts as such. */
const IDLE_TURNS = 1000;

/**
 * Fulfilled when the job queue has run empty, and before any timer or event is due: whether one of these is due by then
 * would depend on the machine.
 *
 * @param happened how much has happened so far; as long as that grows, there may be more to come
 */
export async function jobsDone(happened: () => number): Promise<void> {
  let before: number;
  do {
    before = happened();
    if (nextTick)
      for (let tick = 0; tick < 3; tick++) await new Promise<void>((resolve) => nextTick(resolve));
    else for (let turn = 0; turn < IDLE_TURNS; turn++) await undefined;
  } while (happened() !== before);
}

/** Fulfilled after the job queue has run empty and the timers and events that are due have been served. */
export function tasksDone(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 1));
}

/** More would be taken for none at all. */
const LONGEST = 2 ** 31 - 1;

/** Calls `fn` once after some time, unless the returned function is called before. */
export function startTimer(fn: () => void, milliseconds: number): () => void {
  const timer = setTimeout(fn, Math.min(milliseconds, LONGEST));
  return () => clearTimeout(timer);
}
