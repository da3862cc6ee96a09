// The tasks of a soak, and what each may come to.
import { importTasks, mirai } from 'otel-promise-domain/mirai';

const counted = importTasks(new URL('../tasks/counted.mjs', import.meta.url));

/** More than the server takes in one message. */
const LARGE = 1_500_000;

/**
 * What is submitted under a number: most are plain, some are of each other kind. `line` is what a run of it leaves, `isRight`
 * whether an outcome may be, `runs` whether it has to have run, and `most` how often it may.
 */
export function taskOf(index, { path, random, atMostOnce, deliveries }) {
  const most = atMostOnce ? 1 : deliveries;
  const isLost = (error) => atMostOnce && error?.code === 'daemonLost';
  const plain = {
    ...{ line: String(index), runs: !atMostOnce, most },
    submit: () => mirai(counted.count, [path, String(index), index % 10 ? 0 : 20]),
    isRight: (outcome) => outcome === String(index) || isLost(outcome),
  };
  if (index % 20 === 3) {
    return {
      ...plain,
      submit: () => mirai(counted.countAndThrow, [path, String(index)]),
      isRight: (outcome) => outcome?.message === `${index} is not to be had` || isLost(outcome),
    };
  }
  if (index % 200 === 7) {
    return {
      ...plain,
      submit: () => mirai(counted.countAndFill, [path, String(index), LARGE]),
      isRight: (outcome) =>
        (outcome?.length === LARGE && outcome.every((byte) => byte === index % 251)) || isLost(outcome),
    };
  }
  if (index % 25 === 13) {
    return {
      ...plain,
      runs: false,
      submit: () => {
        const m = mirai(counted.count, [path, String(index), 20]);
        setTimeout(() => m.cancel(), random() * 2000);
        return m;
      },
      isRight: (outcome) => plain.isRight(outcome) || outcome?.code === 'miraiInterrupt',
    };
  }
  if (index % 20 === 11 && !atMostOnce) {
    // Two of them have the same key.
    const key = `key ${Math.floor(index / 40)}`;
    return {
      ...{ line: key, runs: false, most: 1 },
      submit: () => mirai(counted.count, [path, key, 5], { idempotencyKey: key }),
      isRight: (outcome) => outcome === key || outcome?.code === 'daemonLost',
    };
  }
  return plain;
}
