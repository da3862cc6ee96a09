// Loaded by a process whose clock is wrong by CLOCK_SKEW milliseconds.
const skew = Number(process.env.CLOCK_SKEW);
const { now } = Date;
const { timeOrigin } = performance;

globalThis.Date = class extends Date {
  constructor(...parts) {
    super(...(parts.length > 0 ? parts : [now() + skew]));
  }

  static now() {
    return now() + skew;
  }
};
Object.defineProperty(performance, 'timeOrigin', { value: timeOrigin + skew, configurable: true });
