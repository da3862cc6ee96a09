import { type Slot, state } from './global-state.js';
import { notifyOfLeave } from './observer.js';
import { put } from './slot.js';

/*
 * What an async function has installed must not be seen by its caller once it is suspended. That an await suspends, the
 * accessors notice; whether it suspends the function that has installed, or one that this has called, the stack tells:
 * the callers of a function are at the same places of their code as long as it runs.
 */

type Trace = readonly string[];

/**
 * The shape of the trace of an accessor that an await reads: with which line the callers of the awaiting function begin,
 * and whether that function is in the line before. Bun leaves it out.
 */
let shape: { callers: number; hasAwaiting: boolean } | undefined;

/** Whether something is installed by a function that may be suspended in this job. */
export function maySuspend(): boolean {
  return state.domain.installation?.trace !== undefined || state.context.installation?.trace !== undefined;
}

/** Takes out what was installed by the function that awaits, or by what it has called. Given the trace of the accessor. */
export function takeOutSuspended(trace: Trace): void {
  shape ??= shapeOf(trace, state.domain.installation?.trace ?? []);
  if (shape.callers < 0 || trace.length < shape.callers) return; // too few lines to tell
  const callers = trace.slice(shape.callers);
  const awaiting = shape.hasAwaiting ? trace[shape.callers - 1] : undefined;
  takeOut(state.domain, awaiting, callers);
  takeOut(state.context, awaiting, callers);
}

function takeOut<T>(slot: Slot<T>, awaiting: string | undefined, callers: Trace): void {
  const { installation } = slot;
  if (!installation?.trace || !isInstalledBy(awaiting, callers, installation.trace)) return;
  installation.trace = undefined;
  const left = slot.value;
  put(slot, installation.value, installation.installation);
  notifyOfLeave(slot, left, installation, 'suspended');
  takeOut(slot, awaiting, callers);
}

/**
 * Whether the awaiting function with these callers is among those of `trace`. Where the runtime may have cut the traces,
 * and recursion makes lines repeat, there is no telling: the answer is no.
 */
function isInstalledBy(awaiting: string | undefined, callers: Trace, trace: Trace): boolean {
  // Reason for the cast: V8 and JavaScriptCore have it; others give a hundred lines at least.
  const { stackTraceLimit = 100 } = Error as { stackTraceLimit?: number };
  const isWhole = trace.length < stackTraceLimit;
  if (isWhole && callers.length === 0) return true;
  const places = trace.filter((line, index) => {
    const below = trace.slice(index + 1, index + 1 + callers.length);
    const isEnough = isWhole ? index + 1 + callers.length === trace.length : below.length > 2;
    return (
      isEnough && isOneFunction(line, awaiting ?? line) && below.every((caller, at) => caller === callers[at])
    );
  });
  return places.length === 1;
}

function isOneFunction(line = '', other = ''): boolean {
  return line.replace(place, '') === other.replace(place, '');
}

/** The line and the column that a line of a stack trace ends with. */
const place = /:\d+:\d+\)?$/;

/** Told by the first line that is in both traces, after what they begin with in common. */
function shapeOf(trace: Trace, installed: Trace): { callers: number; hasAwaiting: boolean } {
  const different = trace.findIndex((line, index) => line !== installed[index]);
  const callers = trace.findIndex((line, at) => different >= 0 && at > different && installed.includes(line));
  const installing = installed[installed.indexOf(trace[callers] ?? '') - 1];
  return { callers, hasAwaiting: isOneFunction(trace[callers - 1], installing) };
}

/**
 * Measures `shape` once, by an async function that installs a domain, awaits a domain promise, and never
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
