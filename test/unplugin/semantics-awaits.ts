import type { Programs } from './semantics-programs.js';

/** Those that are about `await` alone. */
export const awaits: Programs = {
  'a primitive, an object and undefined': `log(await 1); log((await { a: 2 }).a); log(await undefined); log(await null);`,
  'a native promise in one job': `Promise.resolve().then(() => log('then 1')).then(() => log('then 2')).then(() => log('then 3')); log(await Promise.resolve(1)); log('after');`,
  'a thenable is called in a job of its own': `
    await { get then() { log('get then'); return (resolve) => { log('called'); resolve(1); }; } }; log('after');`,
  'a thenable that throws, rejects or never says': `
    for (const thenable of [{ get then() { throw 'getter'; } }, { then() { throw 'call'; } }, { then(_, reject) { reject('reject'); } }, { then(resolve) { resolve(1); throw 'late'; } }, { then: 5 }])
      try { log(typeof await thenable); } catch (reason) { log(reason); }`,
  'a promise with a constructor of its own': `
    const promise = Promise.resolve(1); Object.defineProperty(promise, 'constructor', { get() { log('constructor'); return Promise; } });
    await promise; log('after');`,
  'a subclass of Promise': `
    class Sub extends Promise { then(...args) { log('then'); return super.then(...args); } }
    log(await Sub.resolve(1));`,
  'a native promise with a then of its own, or a patched one': `
    const own = (promise) => Object.defineProperty(promise, 'then', { get() { log('get then'); return () => log('never called'); } });
    log(await own(Promise.resolve(1))); try { await own(Promise.reject(2)); } catch (reason) { log(reason); }
    async function* g() { log(yield own(Promise.resolve(3))); return own(Promise.resolve(4)); }
    const it = g(); log((await it.next()).value); log((await it.next(5)).value);
    const steps = [{ value: 6, done: false }, { value: 7, done: true }];
    const iterator = { [Symbol.asyncIterator]() { return this; }, next: () => own(Promise.resolve(steps.shift())) };
    for await (const x of iterator) log(x);
    steps.push({ value: 8, done: true }); async function* h() { return yield* iterator; } log((await h().next()).value);`,
  'a proxy of a promise, and what only inherits from promises': `
    const proxy = new Proxy(Promise.resolve(1), { get(target, key) { const value = target[key]; return typeof value === 'function' ? value.bind(target) : value; } });
    log(await proxy);
    const inherits = { __proto__: Promise.prototype }; try { await inherits; } catch (error) { log(error.name); }
    log(await { __proto__: Promise.prototype, then(resolve) { log('then'); resolve(2); } });`,
  'a rejection is thrown where it is awaited': `
    try { log('before'); await Promise.reject(new Error('r')); log('never'); } catch (error) { log(error.message); } finally { log('finally'); }`,
  'an operand that throws': `const f = () => { throw new Error('sync'); }; try { await f(); } catch (error) { log(error.message); }`,
  'operands are evaluated from left to right': `
    const tell = (value) => { log(value); return value; };
    log([await tell(1), tell(2), await tell(Promise.resolve(3))].length); log(await tell(4) + await tell(5)); await tell(6), tell(7);`,
  'the precedence of await':
    `log(await 2 ** 0 === undefined ? 0 : 1 + await 1 * 2); log(!await false); log(typeof await 1); log(-await 1); log(await (1, 2)); log(await 1 ? 'a' : 'b'); log((await [3])[0]); log(await (await 4)); log(await - 5); log(await+6); log(await(7)); log(await\`8\`);`.replace(
      'await 2 ** 0',
      '(await 2) ** 0',
    ),
  'without a semicolon': `
    let a = await 1
    let b = await 2
    ;[a, b] = [await b, await a]
    log(a)
    log(b)
    await 3
    log(await 4)`,
  'lines that end their statement, without a semicolon': `
    let n = 0
    await n++
    [1].forEach(log)
    const a = await n++ // 1
    (log(a))
    for (let m = await n++; m < 3; m++) log(m)
    const f = async () => await n++
    /* 2 */ \`\${log(await f())}\`
    const o = { get n() { return n } }
    log(await o
    .n)
    const d = await n
    /2/ 1
    log(d)
    async function* g() {
      yield () => {}
      [log('g')]
      const b = yield yield n++
      /x/g.test(log(b))
      yield* [n--]
      - 1
      try {
        return n++
        (log('never'))
      } finally {
        throw await n++
        [log('never')]
      }
    }
    try { for await (const x of g()) log(typeof x) } catch (x) { log(x) }`,
  'the this, the arguments and the super of its function': `
    const o = { __proto__: { m() { return Promise.resolve('super of ' + this.name); } }, name: 'o', async m() { log(await this.name); log(arguments[0] + await arguments[1]); return await super.m(); } };
    log(await o.m(1, 2));`,
  'calls keep their this': `
    const o = { p: 1, async m() { return this === undefined ? 'none' : this.p; } };
    log(await o.m()); log(await (0, o.m)()); log(await o?.m()); log(await o['m']());`,
  'new, function expressions and arrows': `
    log(await new (class { then(resolve) { resolve('thenable'); } })());
    log(typeof await async function () {}); log(typeof await (async () => {})); log(await (async () => await 1)()); log((await class A {}).name);`,
  'in a class': `
    const key = async () => 'k'; class A { [await key()] = 1; static [await key()]() { return 2; } async #p() { return await 3; } p() { return this.#p(); } static { log('static'); } }
    log(new A().k); log(A.k()); log(await new A().p());`,
  'in default values and patterns': `
    const { a = await 1, b: [c = await 2] = [] } = {}; log(a + c);
    let d; [d = await 3] = []; log(d); ({ d = await 4 } = {}); log(d);`,
  'in templates, spreads and optional chains': `
    log(\`\${await 1}\${\`\${await 2}\`}\`); log([...await [3]].length); log({ ...await { a: 4 } }.a); log(await undefined?.a); log((await { a: { b: 5 } })?.a?.[await 'b']); log(String.raw\`\${await 6}\`);`,
  'logical operators do not await what they skip': `log(await 0 || await 1); log(await 1 && await 0); log(await null ?? await 2); let a = 1; a ||= await log('never'); a &&= await 3; log(a);`,
  'in loops and labels': `
    outer: for (let n = await 0; n < await 3; n += await 1) { while (await true) { if (n === 1) continue outer; break; } log(n); }
    for (const x of await [1]) log(x); for (const k in await { a: 1 }) log(k); do log('once'); while (await false);`,
  'in try, with return in finally': `const f = async () => { try { return await 1; } finally { log(await 'finally'); } }; log(await f()); const g = async () => { try { throw await 1; } catch { return await 2; } finally { return await 3; } }; log(await g());`,
  'return in an async function is not awaited twice': `const f = async () => Promise.resolve(1); const g = async () => { return Promise.resolve(2); }; Promise.resolve().then(() => log('1')).then(() => log('2')).then(() => log('3')).then(() => log('4')).then(() => log('5')).then(() => log('6')).then(() => log('7')); log(await f()); log(await g());`,
  'two functions take turns': `const f = async (name) => { for (let n = 0; n < 3; n += 1) log(name + await n); }; await Promise.all([f('a'), f('b')]);`,
  'await as a name where it is one': `const o = { await: 1, async: 2 }; log(o.await + await o.async); function sloppy(a) { var await = a; return await; } log(sloppy(3));`,
  comments: `log(await/* c */1); log(await // line
    2); log(await /* a */ (/* b */ 3 /* c */) /* d */);`,
  'direct eval sees its function': `const a = 5; log(await eval('a'));`,
};
