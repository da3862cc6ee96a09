import { ROOT_CONTEXT } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { currentPromiseDomain, DomainContextManager, withPromiseDomain } from '../../src/index.js';
import { active, allJobsDone, bracketingManagers, register, within } from '../support/awaiting.js';
import { run } from './programs.js';

afterEach(async () => {
  await allJobsDone();
  expect([active(), currentPromiseDomain()]).toEqual([undefined, undefined]);
});

/** Operands, by what they are. */
const operands: [string, string][] = [
  ['nothing at all', 'undefined'],
  ['a primitive', '5'],
  ['a native promise', 'soon()'],
  ['a promise of a timer', 'later()'],
  ['a domain promise', 'DomainPromise.resolve(5)'],
  ['a thenable', '({ then(resolve) { setTimeout(resolve) } })'],
  ['an async function’s promise', '(async () => { await later(); })()'],
  ['another await', 'await await later()'],
];

describe.each(bracketingManagers)('under %s, transformed code keeps the context', (_name, make) => {
  beforeEach(() => {
    register(make());
  });

  test.each(operands)('after an await of %s', async (_what, operand) => {
    const seen = await within('A', () =>
      run(`await ${operand}; const first = active(); await ${operand}; return [first, active()];`),
    );
    expect(seen).toEqual(['A', 'A']);
  });

  test('after an await of what is rejected, in catch and finally', async () => {
    const seen = await within('A', () =>
      run(`
        const seen = [];
        for (const reject of [() => Promise.reject(1), () => DomainPromise.reject(2), async () => { await later(); throw 3; }]) {
          try { await reject(); } catch (reason) { seen.push(reason, active()); } finally { seen.push(active()); }
        }
        return seen;`),
    );
    expect(seen).toEqual([1, 'A', 'A', 2, 'A', 'A', 3, 'A', 'A']);
  });

  test('of each of several tasks that interleave', async () => {
    const body = `
      const seen = [];
      for (let n = 0; n < 20; n += 1) { await (n % 3 ? soon() : n % 2 ? later() : n); seen.push(active()); }
      return seen;`;
    const seen = await Promise.all([within('A', () => run(body)), run(body), within('B', () => run(body))]);
    expect(seen.map((names) => [...new Set(names as unknown[])])).toEqual([['A'], [undefined], ['B']]);
  });

  test('of the inner function inside and of the outer one after it', async () => {
    const seen = await within('outer', () =>
      run(`
        const inner = async () => { await soon(); return active(); };
        return [await within('inner', inner), active()];`),
    );
    expect(seen).toEqual(['inner', 'outer']);
  });

  test('wherever an await may stand', async () => {
    const seen = await within('A', () =>
      run(`
        const seen = [];
        const see = (value) => { seen.push(active()); return value; };
        const o = { async m(a) { see(await a); return super.toString(); }, get p() { return soon(); } };
        await o.m(1); see();
        const { a = see(await 1), b: [c = see(await 2)] } = { b: [] };
        see(\`\${see(await 1)}\${see(await 2)}\`);
        see((await soon(), await later()));
        see(await (0, o.p));
        see(o?.[see(await 'p')]);
        if (see(await true) && see(await null) === null || await 1) see();
        see([...see(await [1])]);
        see(await new Promise((resolve) => resolve()));
        await (async () => { see(await 1); })();
        class C { static async s() { return see(await 1); } async #p() { return see(await 2); } p() { return this.#p(); } }
        await C.s(); await new C().p(); see();
        do { see(await 1); } while (see(await false));
        switch (see(await 1)) { case see(await 1): see(); }
        label: for (const x of see(await [1, 2])) { see(await x); continue label; }
        return seen;`),
    );
    expect((seen as unknown[]).length).toBeGreaterThan(25);
    expect(new Set(seen as unknown[])).toEqual(new Set(['A']));
  });

  test('and the current promise domain', async () => {
    const domain = { name: 'mine' };
    const seen = await withPromiseDomain(domain, () =>
      run(`await 1; await soon(); await later(); return currentPromiseDomain();`, { currentPromiseDomain }),
    );
    expect(seen).toBe(domain);
  });

  test('and hides it from jobs beside', async () => {
    const seen: unknown[] = [];
    await within('A', () =>
      run(`await 1; queueMicrotask(() => see(active())); soon().then(() => see(active())); await later();`, {
        see: (name: unknown) => seen.push(name),
      }),
    );
    expect(seen).toEqual([undefined, undefined]);
  });

  test('in whose context a lazy thenable starts its work', async () => {
    const seen = await within('A', () => run(`return await { then(resolve) { resolve(active()); } };`));
    expect(seen).toBe('A');
  });
});

test('an await carries along that nothing is active, until that is disposed', async () => {
  const manager = register(new DomainContextManager());
  const attach = () => manager.attach(ROOT_CONTEXT);
  const seen = await within('A', () =>
    run(
      `const token = attach(); await later(); const during = active(); token.dispose(); return [during, active()];`,
      {
        attach,
      },
    ),
  );
  expect(seen).toEqual([undefined, 'A']);
});

test('a hook of a domain may use a generator itself', async () => {
  let yielded: unknown;
  let isAsked = false;
  const [generate] = (await run('return [async function* (value) { yield value; }];')) as [
    (value: unknown) => AsyncGenerator, // cast: it is what the program returns
  ];
  const domain = {
    captureForAwait() {
      if (!isAsked) {
        isAsked = true;
        yielded = generate('inner').next();
      }
      return () => () => {};
    },
  };
  const outer = await withPromiseDomain(domain, () => generate('outer').next());
  expect([outer, await yielded]).toEqual([
    { value: 'outer', done: false },
    { value: 'inner', done: false },
  ]);
});

test('an await asks the hook of a domain once', async () => {
  let asked = 0;
  const domain = {
    captureForAwait() {
      asked += 1;
      return () => () => {};
    },
  };
  await withPromiseDomain(domain, () => run('await 1;'));
  expect(asked).toBe(1);
});
