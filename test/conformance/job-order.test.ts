import { describe, expect, onTestFinished, test } from 'vitest';
import { DomainContextManager, DomainPromise } from '../../src/index.js';
import { traceJobs } from '../support/jobs.js';
import { surroundings } from '../support/surroundings.js';

type Log = (label: unknown) => void;
type Program = readonly [what: string, run: (Class: PromiseConstructor, log: Log) => void];

/** Elsewhere stack traces show no callers of async functions, so that there is nothing to keep whole. */
const isV8 = /^ {4}at /m.test(String(new Error().stack));

const fast = new DomainContextManager({ asyncStackTraces: false });
const whole = new DomainContextManager();

/** Until the running test is over, awaits take the faster bracket. */
function cutStackTraces(): void {
  fast.enable();
  onTestFinished(() => void whole.enable());
}

/** What any subclass of Promise does. */
class Plain<T> extends Promise<T> {}

const logged = (log: Log, label: string) => (value: unknown) => {
  log(`${label} ${String(value)}`);
  return value;
};
const thenableOf = (value: unknown) => ({ then: (fulfil: (value: unknown) => void) => fulfil(value) });

/** Each logs in the same turns whichever class it runs with. */
const programs: readonly Program[] = [
  [
    'a chain of steps',
    (Class, log) => {
      let chain: Promise<unknown> = Class.resolve(0);
      for (let n = 1; n <= 5; n += 1) chain = chain.then(() => log(n));
    },
  ],
  [
    'two chains in turn',
    (Class, log) => {
      for (const name of ['a', 'b']) {
        const step = logged(log, name);
        void Class.resolve(1).then(step).then(step).then(step);
      }
    },
  ],
  [
    'steps that pass a value or a reason on',
    (Class, log) => {
      void Class.resolve('value').then().catch(logged(log, 'never')).then(logged(log, 'then'));
      void Class.reject('reason').then(logged(log, 'never')).then().catch(logged(log, 'catch'));
    },
  ],
  [
    'callbacks that return promises and thenables',
    (Class, log) => {
      void Class.resolve()
        .then(() => Class.resolve('own'))
        .then(logged(log, 'then'));
      void Class.resolve()
        .then(() => Promise.resolve('native'))
        .then(logged(log, 'then'));
      void Class.resolve()
        .then(() => thenableOf('thenable'))
        .then(logged(log, 'then'));
    },
  ],
  [
    'promises resolved with promises and thenables',
    (Class, log) => {
      void new Class((resolve) => resolve(Class.resolve('own'))).then(logged(log, 'new'));
      void new Class((resolve) => resolve(thenableOf('thenable'))).then(logged(log, 'new'));
      void Class.resolve(thenableOf('thenable')).then(logged(log, 'resolve'));
      void Class.resolve(Class.resolve('own')).then(logged(log, 'resolve'));
    },
  ],
  [
    'finally, fulfilled and rejected',
    (Class, log) => {
      const callback = () => log('finally');
      void Class.resolve('value').finally(callback).then(logged(log, 'then'));
      void Class.reject('reason').finally(callback).catch(logged(log, 'catch'));
      void Class.resolve('value')
        .finally(() => Class.resolve())
        .then(logged(log, 'waited'));
      void Class.resolve('value')
        .finally(() => Class.reject('new'))
        .catch(logged(log, 'replaced'));
    },
  ],
  [
    'callbacks added in callbacks',
    (Class, log) => {
      const promise = Class.resolve('value');
      void promise.then(() => promise.then(logged(log, 'inner')).then(logged(log, 'inner')));
      void promise.then(logged(log, 'outer')).then(logged(log, 'outer'));
    },
  ],
  [
    'combinators of promises, values and thenables',
    (Class, log) => {
      const mixed = () => [Class.resolve(1), 2, thenableOf(3), Class.resolve().then(() => 4)];
      void Class.all(mixed()).then(logged(log, 'all'));
      void Class.allSettled(mixed()).then(() => log('allSettled'));
      void Class.any(mixed()).then(logged(log, 'any'));
      void Class.race(mixed()).then(logged(log, 'race'));
      void Class.all([]).then(() => log('all of nothing'));
      void Class.resolve()
        .then(() => log('step'))
        .then(() => log('step'));
    },
  ],
  [
    'combinators that reject',
    (Class, log) => {
      const mixed = () => [Class.resolve().then(() => 1), Class.reject('reason')];
      void Class.all(mixed()).catch(logged(log, 'all'));
      void Class.race(mixed()).catch(logged(log, 'race'));
      void Class.any([Class.reject(1), Class.reject(2)]).catch(({ errors }) => log(`any ${errors}`));
    },
  ],
  [
    'jobs of other kinds between the steps',
    (Class, log) => {
      queueMicrotask(() => log('microtask'));
      void Class.resolve('value')
        .then(logged(log, 'then'))
        .then(() => queueMicrotask(() => log('microtask')));
      void Promise.resolve('native').then(logged(log, 'then')).then(logged(log, 'then'));
    },
  ],
];

/** What an engine makes of a subclass, other than of Promise itself. */
const subclassPrograms: readonly Program[] = [
  [
    'async functions that return promises',
    (Class, log) => {
      const give = async () => Class.resolve('value');
      void Class.resolve(give()).then(logged(log, 'adopted'));
      void give().then(logged(log, 'native'));
    },
  ],
  [
    'await',
    (Class, log) => {
      const run = async () => {
        logged(log, 'first')(await Class.resolve(1));
        logged(log, 'second')(await Class.resolve(2));
        await Class.reject('reason').catch(logged(log, 'caught'));
      };
      void run();
      void Promise.resolve()
        .then(() => log('step'))
        .then(() => log('step'))
        .then(() => log('step'));
    },
  ],
  [
    'for await',
    (Class, log) => {
      const run = async () => {
        for await (const value of [Class.resolve(1), Class.resolve(2)]) log(value);
      };
      void run();
    },
  ],
  [
    'async generators',
    (Class, log) => {
      async function* generate() {
        yield Class.resolve(1);
        return Class.resolve(2);
      }
      const run = async () => {
        for await (const value of generate()) log(value);
        log('done');
      };
      void run();
    },
  ],
];

describe.each(surroundings)('%s, domain promises', (name, enter) => {
  const traceIn = (Class: PromiseConstructor, run: Program[1]) =>
    traceJobs((log) => enter(() => run(Class, log)));

  test.each(programs)('take the turns of native ones: %s', async (_what, run) => {
    const native = await traceJobs((log) => run(Promise, log));
    expect(native).not.toEqual([]);
    expect(await traceIn(DomainPromise, run)).toEqual(native);
  });

  test.each(subclassPrograms)(
    'take the turns of any subclass, unless awaits keep stack traces whole: %s',
    async (_what, run) => {
      cutStackTraces();
      // Reason for the cast: a subclass with the constructor of Promise has its static methods.
      const plain = await traceJobs((log) => run(Plain as PromiseConstructor, log));
      expect(plain).not.toEqual([]);
      expect(await traceIn(DomainPromise, run)).toEqual(plain);
    },
  );

  test('take one turn a step, two more to adopt a thenable, two more than native ones to be awaited, and one for whole stack traces', async () => {
    const turns = (Class: PromiseConstructor) =>
      traceIn(Class, (Class, log) => {
        void Class.resolve().then(() => log('step'));
        void Class.resolve()
          .then(() => Class.resolve())
          .then(() => log('adopted'));
        const run = async () => {
          await Class.resolve();
          log('awaited');
        };
        void run();
      });
    const four = ['1: step', '4: adopted', '4: awaited'];
    const three = ['1: step', '3: awaited', '4: adopted'];
    expect(await turns(DomainPromise)).toEqual(name === 'outside any domain' || !isV8 ? three : four);
    cutStackTraces();
    expect(await turns(DomainPromise)).toEqual(three);
    expect(await turns(Promise)).toEqual(['1: step', '1: awaited', '4: adopted']);
  });

  test('from a native promise take one turn less by from than by resolve', async () => {
    const trace = await traceJobs((log) =>
      enter(() => {
        void DomainPromise.resolve(Promise.resolve()).then(() => log('resolve'));
        void DomainPromise.from(Promise.resolve()).then(() => log('from'));
      }),
    );
    expect(trace).toEqual(['2: from', '3: resolve']);
  });
});
