import { inspect } from 'node:util';

export const echo = (value) => value;
export const echoLater = async (value) => value;
export const echoThenable = (value) => ({
  then: (fulfil) => fulfil(value),
});
export const add = (a, b) => a + b;
export const count = (...values) => values.length;
export const show = (value) => inspect(value, { depth: null, maxArrayLength: null, maxStringLength: null });
export const same = (a, b) => a === b;
const byDefault = (value) => `by default: ${value}`;

// biome-ignore lint/style/noDefaultExport: that a default export is a task too is what is tested
export { byDefault as default };

export const notCallable = 42;

const uncloneable = {
  function: () => () => {},
  symbol: () => Symbol('mine'),
  'weak map': () => new WeakMap(),
  'an object with a method': () => ({ method() {} }),
  'a promise in an object': () => ({ promise: Promise.resolve() }),
  'a generator': () =>
    (function* () {
      yield 1;
    })(),
  'a proxy that throws': () =>
    new Proxy(
      {},
      {
        ownKeys() {
          throw new Error('not yours');
        },
      },
    ),
  'an object with a getter that throws': () => ({
    get part() {
      throw new Error('not yours');
    },
  }),
};

export const makeUncloneable = (kind) => uncloneable[kind]();

export const bytes = (array) => Array.from(array);
export const fill = (buffer, byte) => new Uint8Array(buffer).fill(byte).buffer;
export const addTo = (shared, amount) => Atomics.add(new Int32Array(shared), 0, amount);

export const addToView = (view, amount) => void Atomics.add(view, 0, amount);
export const addToViews = ({ list }, amount) => addToView(list[0], amount);

export const describeViews = (bytes, view) => [
  bytes.buffer.byteLength,
  bytes.byteOffset,
  view.buffer.byteLength,
  view.byteOffset,
  bytes.buffer === view.buffer,
  Array.from(new Uint8Array(bytes.buffer)),
];

export function makeViews() {
  const { buffer } = Uint8Array.of(1, 2, 3, 4, 5, 6);
  return [new Uint8Array(buffer, 0, 2), new DataView(buffer, 3)];
}

export function answerOn(port) {
  port.once('message', (value) => {
    port.postMessage(value * 2);
    port.close();
  });
}
