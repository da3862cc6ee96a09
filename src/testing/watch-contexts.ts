import type { Context } from '@opentelemetry/api';
import type { AttachedContext, RegisteredManager } from '../otel/context-manager.js';
import { interpose } from './interpose.js';
import type { TellAll } from './watch.js';
import { tellAnnounced } from './watch-tracers.js';

/** One context that was made active. */
export interface ContextEntry {
  readonly inner: Context;
  /** What was active before. */
  readonly outer: Context;
  /** Whether `ContextManager.attach` has done it, and no call of `with`. */
  readonly attached: boolean;
}

type Call = (context: Context, fn: (...args: unknown[]) => unknown, ...rest: unknown[]) => unknown;

/** Tells of every context that `manager` makes active, until the returned function is called. */
export function watchContexts(manager: RegisteredManager, tellAll: TellAll): () => void {
  let isOver = false;
  const tellEntered = (entry: ContextEntry) => {
    if (isOver) return;
    tellAnnounced(entry, tellAll);
    tellAll((watcher) => watcher.entered(entry));
  };
  /** Set while the manager is on its way to the function: what it attaches by itself is the same activation. */
  let isEntering = false;
  const wrapWith = (original: Call): Call =>
    function (this: unknown, inner, fn, ...rest) {
      const entry = { inner, outer: manager.active(), attached: false };
      let isEntered = false;
      const entered = function (this: unknown, ...args: unknown[]) {
        isEntered = true;
        isEntering = false;
        tellEntered(entry);
        return Reflect.apply(fn, this, args);
      };
      if (typeof fn !== 'function') return original.call(this, inner, fn, ...rest);
      isEntering = true;
      try {
        return original.call(this, inner, entered, ...rest);
      } finally {
        isEntering = false;
        if (isEntered) tellAll((watcher) => watcher.left(entry));
      }
    };
  const wrapAttach = (attach: (context: Context) => AttachedContext) =>
    function (this: unknown, inner: Context) {
      const entry = { inner, outer: manager.active(), attached: true };
      const token = attach.call(this, inner);
      if (isEntering) return token;
      tellEntered(entry);
      let isLeft = false;
      const wrapDispose = (dispose: () => void) =>
        function (this: unknown) {
          dispose.call(this);
          if (isLeft) return;
          isLeft = true;
          tellAll((watcher) => watcher.left(entry));
        };
      // Reason for the cast: whether it is disposable by the symbol as well is the manager's matter.
      const disposable = token as AttachedContext & { [Symbol.dispose]?: () => void };
      interpose(disposable, 'dispose', wrapDispose);
      if (Symbol.dispose) interpose(disposable, Symbol.dispose, wrapDispose);
      return token;
    };
  // Reason for the cast: a wrapper takes and returns what the method does, which is for its caller to say.
  const undoWith = interpose(manager as unknown as { with: Call }, 'with', wrapWith);
  const undoAttach = manager.attach ? interpose(manager, 'attach', wrapAttach) : undefined;
  return () => {
    isOver = true;
    undoAttach?.();
    undoWith();
  };
}
