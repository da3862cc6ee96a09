type Listener = (...args: unknown[]) => unknown;
type Method = (this: object, ...args: unknown[]) => unknown;

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

  const boundOf = (listener: object): Listener => {
    const bound = boundListeners.get(listener) ?? bind(callerOf(listener));
    boundListeners.set(listener, bound);
    return bound;
  };

  replace(emitter, adders, (add) => (target, args) => {
    const [, listener] = args;
    if (isAdding || !isListener(listener)) return add.apply(target, args);
    isAdding = true;
    try {
      return add.call(target, args[0], boundOf(listener), ...args.slice(2));
    } finally {
      isAdding = false;
    }
  });
  replace(emitter, removers, (remove) => (target, args) => {
    const [type, listener] = args;
    const bound = isListener(listener) && boundListeners.get(listener);
    if (!bound) return remove.apply(target, args);
    const count = emitter.listenerCount?.(type);
    const result = remove.call(target, type, bound, ...args.slice(2));
    // It may have been added before the target was bound.
    const isRemoved = count !== undefined && emitter.listenerCount?.(type) !== count;
    return isRemoved ? result : remove.apply(target, args);
  });
}

/** Puts own methods into the place of those that `target` has; a frozen one keeps its own. */
function replace(
  target: Target,
  names: readonly (keyof Target)[],
  by: (method: Method) => (target: object, args: unknown[]) => unknown,
): void {
  for (const name of names) {
    const method = target[name];
    if (typeof method !== 'function') continue;
    const replacing = by(method as Method); // cast: it is called with what it was written for
    const value = function (this: object, ...args: unknown[]) {
      return replacing(this, args);
    };
    Reflect.defineProperty(target, name, { value, writable: true, configurable: true });
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
