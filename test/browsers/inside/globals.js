// What the tests use of Node's globals; a classic script, evaluated before any module.
(() => {
  const listeners = { unhandledRejection: [], uncaughtException: [] };

  globalThis.process = {
    env: {},
    listeners: (name) => [...listeners[name]],
    on(name, listener) {
      listeners[name].push(listener);
    },
    off(name, listener) {
      listeners[name] = listeners[name].filter((other) => other !== listener);
    },
    removeAllListeners(name) {
      listeners[name] = [];
    },
  };

  const marks = new Map();

  addEventListener('unhandledrejection', (event) => {
    event.preventDefault();
    const reached = marks.get(event.reason);
    marks.delete(event.reason);
    if (reached) reached();
    else for (const listener of listeners.unhandledRejection) listener(event.reason);
  });

  addEventListener('error', (event) => {
    event.preventDefault();
    for (const listener of listeners.uncaughtException) listener(event.error ?? event.message);
  });

  /** Resolves when what has been rejected so far has been reported: the events of a window keep their order. */
  globalThis.rejectionsReported = () =>
    new Promise((reached) => {
      const mark = {};
      marks.set(mark, reached);
      void Promise.reject(mark);
    });

  const queue = [];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    const [callback, args] = queue.shift();
    callback(...args);
  };
  globalThis.setImmediate = (callback, ...args) => {
    queue.push([callback, args]);
    port2.postMessage(undefined);
  };
})();
