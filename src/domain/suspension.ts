import { type Slot, state } from './global-state.js';
import { leave } from './slot.js';

/*
 * What an async function has installed must not be seen by its caller once it is suspended. That an await suspends, the
 * accessors notice; whether it suspends the function that has installed, or one that this has called, the stack tells:
 * the callers of a function are at the same places of their code as long as it runs.
 */

type Trace = readonly string[];

/** How many lines the trace of an accessor that an await reads has, up to and with that of the function that awaits. */
let linesBeforeCallers: number | undefined;

/** Whether something is installed by a function that may be suspended in this job. */
export function maySuspend(): boolean {
  return state.domain.installation?.trace !== undefined || state.context.installation?.trace !== undefined;
}

/** Takes out what was installed by the function that awaits, or by what it has called. Given the trace of the accessor. */
export function takeOutSuspended(trace: Trace): void {
  linesBeforeCallers ??= linesBefore(trace, state.domain.installation?.trace ?? []);
  if (linesBeforeCallers < 0 || trace.length < linesBeforeCallers) return; // too few lines to tell
  const awaiting = trace.slice(linesBeforeCallers - 1);
  takeOut(state.domain, awaiting);
  takeOut(state.context, awaiting);
}

function takeOut<T>(slot: Slot<T>, awaiting: Trace): void {
  const { installation } = slot;
  if (!installation?.trace || !isInstalledBy(awaiting, installation.trace)) return;
  installation.trace = undefined;
  leave(slot, installation.value, installation.installation);
  takeOut(slot, awaiting);
}

/**
 * Whether the function that awaits, the first line of `awaiting`, is among those of `trace`: under the same name, and
 * called from the same places. Where the runtime may have cut the traces, and recursion makes lines repeat, there is no
 * telling: the answer is no.
 */
function isInstalledBy([awaiting, ...callers]: Trace, trace: Trace): boolean {
  // Reason for the cast: V8 and JavaScriptCore have it; others give a hundred lines at least.
  const { stackTraceLimit = 100 } = Error as { stackTraceLimit?: number };
  const isWhole = trace.length < stackTraceLimit;
  if (isWhole && callers.length === 0) return true;
  const places = trace.filter((function_, index) => {
    const lines = trace.slice(index + 1, index + 1 + callers.length);
    const isEnough = isWhole ? index + 1 + callers.length === trace.length : lines.length > 2;
    return isEnough && isOneFunction(function_, awaiting) && lines.every((line, at) => line === callers[at]);
  });
  return places.length === 1;
}

function isOneFunction(line: string, other = ''): boolean {
  return line.replace(place, '') === other.replace(place, '');
}

/** The line and the column that a line of a stack trace ends with. */
const place = /:\d+:\d+\)?$/;

/** The index of the first line that is in both, after what they begin with in common; -1 if there is none. */
function linesBefore(trace: Trace, installed: Trace): number {
  const different = trace.findIndex((line, index) => line !== installed[index]);
  return trace.findIndex((line, index) => different >= 0 && index > different && installed.includes(line));
}

/**
 * Measures `linesBeforeCallers` once, by an async function that installs a domain, awaits a domain promise, and never
 * goes on. It depends on the engine and on what a bundler has made of this library.
 */
export function calibrate(probe: () => void): void {
  if (isCalibrated) return;
  isCalibrated = true;
  const { observers } = state;
  state.observers = undefined;
  probe();
  state.observers = observers;
}

let isCalibrated = false;
