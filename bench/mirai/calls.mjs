// Times calls that are made one after another.

/**
 * @param {(argument: unknown) => Promise<unknown>} call
 * @param {object} options
 * @param {() => unknown} [options.prepare] makes the argument of each call, unmeasured
 * @param {(result: unknown) => boolean} options.isRight
 * @returns {Promise<Float64Array>} ms of each call
 */
export async function timeCalls(call, { warmMs, measureMs, prepare = () => undefined, isRight }) {
  await callFor(warmMs);
  return Float64Array.from(await callFor(measureMs));

  async function callFor(ms) {
    const times = [];
    const end = performance.now() + ms;
    do {
      const argument = prepare();
      const started = performance.now();
      const result = await call(argument);
      times.push(performance.now() - started);
      if (!isRight(result)) throw new Error('a call gave a wrong result');
    } while (performance.now() < end);
    return times;
  }
}
