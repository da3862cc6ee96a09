type Listener = (...args: unknown[]) => unknown;
type Method = (this: object, type: unknown, listener: unknown, ...rest: unknown[]) => unknown;

const adders = [
  'addListener',
  'on',
  'once',
  'prependListener',
  'prependOnceListener',
  'addEventListener',
] as const;
const removers = ['removeListener', 'off', 'removeEventListener'] as const;

/** The methods of event emitters and of `EventTarget`, as far as a target has them. */
type Target = { [K in (typeof adders)[number] | (typeof removers)[number]]?: Method } & {
  listenerCount?: (type: unknown) => number;
};

const boundTargets = new WeakSet<object>();

/** Set while a method that adds a listener runs: `once` of an emitter calls its `on` with a listener of its own. */
let isAdding = false;

/**
 * Makes `target` add every listener as `bind` returns it, and remove it by the one that was given. The same listener
 * always gets the same bound one, so that an `EventTarget` still sees that it has it already. Does nothing to a target
 * that was bound before, or that is neither an event emitter nor an `EventTarget`.
 */
export function bindListeners(target: unknown, bind: (listener: Listener) => Listener): void {
  if (Object(target) !== target) return;
  const emitter = target as Target; // cast: an object, and of the methods none need be there
  if (boundTargets.has(emitter) || !adders.some((name) => typeof emitter[name] === 'function')) return;
  boundTargets.add(emitter);
  const boundListeners = new WeakMap<object, Listener>();

  const boundOf = (listener: unknown): unknown => {
    if (!isListener(listener)) return listener;
    const bound = boundListeners.get(listener) ?? bind(callerOf(listener));
    boundListeners.set(listener, bound);
    return bound;
  };

  replace(
    emitter,
    adders,
    (add) =>
      function (type, listener, ...rest) {
        if (isAdding) return add.call(this, type, listener, ...rest);
        isAdding = true;
        try {
          return add.call(this, type, boundOf(listener), ...rest);
        } finally {
          isAdding = false;
        }
      },
  );
  replace(
    emitter,
    removers,
    (remove) =>
      function (type, listener, ...rest) {
        const bound = isListener(listener) && boundListeners.get(listener);
        const count = emitter.listenerCount?.(type);
        const result = remove.call(this, type, bound || listener, ...rest);
        // It may have been added before the target was bound.
        const removed = !bound || (count !== undefined && emitter.listenerCount?.(type) !== count);
        return removed ? result : remove.call(this, type, listener, ...rest);
      },
  );
}

function replace(target: Target, names: readonly (keyof Target)[], by: (method: Method) => Method): void {
  for (const name of names) {
    const method = target[name];
    if (typeof method === 'function')
      Object.defineProperty(target, name, {
        value: by(method as Method),
        writable: true,
        configurable: true,
      });
  }
}

function isListener(listener: unknown): listener is object {
  return Object(listener) === listener;
}

/** An `EventTarget` also takes objects with a method `handleEvent`, which it looks up at each event. */
function callerOf(listener: object): Listener {
  return typeof listener === 'function'
    ? (listener as Listener)
    : (...args) => (listener as { handleEvent: Listener }).handleEvent(...args);
}
