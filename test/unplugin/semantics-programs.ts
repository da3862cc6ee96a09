/** Programs that log what they do, by what they are about; each ends by itself, without timers. */
export type Programs = Readonly<Record<string, string>>;

const logged = (name: string, rest = '') => `({
  [Symbol.asyncIterator]() { log('${name} open'); return this; },
  n: 0,
  get next() { log('get next'); return async function (...args) { log('next ' + args.length); return { get done() { log('done'); return false; }, get value() { log('value'); return 1; } }; }; },
  get return() { log('get return'); return async (...args) => { log('return ' + args.length); return {}; }; },
  ${rest}
})`;

const syncLogged = (values: string) => `({
  get [Symbol.asyncIterator]() { log('get asyncIterator'); return undefined; },
  get [Symbol.iterator]() { log('get iterator'); return () => ({
    values: ${values},
    get next() { log('get next'); return () => { log('next'); return { get done() { log('done'); return this.value === undefined; }, value: this.values.shift() }; }; },
    get return() { log('get return'); return () => { log('return'); return {}; }; },
  }); },
})`;

export const forAwait: Programs = {
  'reads of an async iterator that is left': `let n = 0; for await (const x of ${logged('a')}) { log(x); if (++n > 1) break; }`,
  'reads of a sync iterator to its end': `for await (const x of ${syncLogged('[1, Promise.resolve(2)]')}) log(x);`,
  'reads of a sync iterator that is left': `for await (const x of ${syncLogged('[1, 2]')}) break; log('after');`,
  'a sync iterator that yields a rejection': `try { for await (const x of ${syncLogged('[1, Promise.reject(2)]')}) log(x); } catch (reason) { log('caught ' + reason); }`,
  'a sync iterator is called without arguments': `let n = 0; for await (const x of { [Symbol.iterator]: () => ({ next(...args) { log('next ' + args.length + (this.return ? ' this' : '')); return { value: 1 }; }, return(...args) { log('return ' + args.length + (this.next ? ' this' : '')); return {}; } }) }) if (++n > 1) break;`,
  'a sync iterator without return': `for await (const x of { [Symbol.iterator]: () => ({ next: () => ({ value: 1, done: false }) }) }) { log(x); break; }`,
  'a sync iterator that throws': `for (const next of [() => { throw 'next'; }, () => 5, () => ({ get done() { throw 'done'; } }), () => ({ get value() { throw 'value'; } }), 5])
    try { for await (const x of { [Symbol.iterator]: () => ({ next }) }) log(x); } catch (reason) { log(reason?.name ?? reason); }`,
  'a sync iterator whose return misbehaves': `for (const close of [() => { throw 'return'; }, () => 5, () => ({ value: Promise.reject('value') }), 5])
    try { for await (const x of { [Symbol.iterator]: () => ({ next: () => ({ value: 1 }), return: close }) }) break; log('left'); } catch (reason) { log(reason?.name ?? reason); }`,
  'an async iterator that misbehaves': `for (const next of [() => { throw 'sync'; }, async () => { throw 'async'; }, () => 5, () => Promise.resolve(5), () => ({ get done() { throw 'done'; } }), () => ({ get value() { throw 'value'; } }), undefined])
    try { for await (const x of { [Symbol.asyncIterator]: () => ({ next }) }) log(x); } catch (reason) { log(reason?.name ?? reason); }`,
  'an async iterator whose return misbehaves': `for (const close of [() => { throw 'sync'; }, async () => { throw 'async'; }, () => 5, 5, null])
    try { for await (const x of { [Symbol.asyncIterator]: () => ({ next: () => ({ value: 1 }), return: close }) }) break; log('left'); } catch (reason) { log(reason?.name ?? reason); }`,
  'a throw of the body wins over one of return': `try { for await (const x of { [Symbol.asyncIterator]: () => ({ next: () => ({ value: 1 }), return() { log('return'); throw 'return'; } }) }) throw 'body'; } catch (reason) { log(reason); }`,
  'what is not iterable': `for (const iterable of [null, undefined, 5, {}, { [Symbol.asyncIterator]: 5 }, { [Symbol.asyncIterator]: () => 5 }, { [Symbol.iterator]: () => 5 }])
    try { for await (const x of iterable) log(x); } catch (error) { log(error.name); }`,
  'strings, arrays, maps, arguments': `for await (const x of 'aé😀') log(x); for await (const [k, v] of new Map([[1, 2]])) log(k + v); await (async function () { for await (const x of arguments) log(x); })(3, 4);`,
  'assignment targets and patterns': `const o = {}; for await (o.x of [1]) log(o.x); let a; for await ([a = 5] of [[]]) log(a); for await ({ a } of [{ a: 6 }]) log(a); for await (var v of [7]); log(v);`,
  'closures capture their round': `const fs = []; for await (const x of [1, 2]) fs.push(() => x); log(fs.map((f) => f()).join());`,
  'labels, continue and break': `outer: for await (const x of [1, 2, 3]) { for await (const y of [1, 2]) { if (y === 2) continue outer; if (x === 3) break outer; log(x + '' + y); } }`,
  'the head cannot see its own variable': `try { for await (const x of x) log(x); } catch (error) { log(error.name); }`,
  'return closes and then returns': `const f = async () => { for await (const x of ${logged('r')}) return x; }; log(await f());`,
  'an iterator of a generator is closed once': `async function* g() { try { yield 1; yield 2; } finally { log('closed'); } } for await (const x of g()) { log(x); break; } for await (const x of g()) log(x);`,
  'destructuring that throws closes': `try { for await (const { a } of ${logged('d').replace("log('value'); return 1", 'return null')}) log(a); } catch (error) { log(error.name); }`,
  'two loops share an iterator': `const it = (async function* () { yield* [1, 2, 3, 4]; })(); const loop = async (name) => { for await (const x of it) log(name + x); }; await Promise.all([loop('a'), loop('b')]);`,
  'a value that is a promise stays one for an async iterator': `let n = 0; for await (const x of { [Symbol.asyncIterator]: () => ({ next: () => ({ value: Promise.resolve(1), done: n++ > 0 }) }) }) log(x instanceof Promise);`,
};

const drive = `const tell = async (request) => { try { const { value, done } = await request; log(String(value) + ' ' + done); } catch (reason) { log('threw ' + (reason?.name ?? reason)); } };`;

export const asyncGenerators: Programs = {
  'next, with what is sent': `${drive} async function* g() { log(await (yield 1)); log(yield Promise.resolve(2)); return 3; } const it = g(); await tell(it.next('lost')); await tell(it.next('a')); await tell(it.next('b')); await tell(it.next());`,
  'requests are queued': `${drive} async function* g() { log('start'); const a = yield 1; log(a); const b = yield 2; log(b); } const it = g(); await Promise.all([tell(it.next('x')), tell(it.next('a')), tell(it.return('r')), tell(it.next()), tell(it.throw('t'))]);`,
  'a yielded rejection is thrown at the yield': `${drive} async function* g() { try { yield Promise.reject('r'); } catch (reason) { log('caught ' + reason); yield 2; } } const it = g(); await tell(it.next()); await tell(it.next());`,
  'throw at a yield': `${drive} async function* g() { try { yield 1; } catch (reason) { log('caught ' + reason); yield 2; } finally { log('finally'); yield 3; } } const it = g(); await tell(it.next()); await tell(it.throw('t')); await tell(it.next()); await tell(it.next()); await tell(it.throw('u'));`,
  'return at a yield': `${drive} async function* g() { try { yield 1; log('never'); } finally { log('finally'); yield 2; log('again'); } } const it = g(); await tell(it.next()); await tell(it.return(Promise.resolve('r'))); await tell(it.next()); await tell(it.next());`,
  'finally overrides a return': `${drive} async function* g() { try { yield 1; } finally { return 2; } } const it = g(); await tell(it.next()); await tell(it.return('r')); await tell(it.next());`,
  'before the start and after the end': `${drive} async function* g() { log('never'); yield 1; } await tell(g().return(Promise.resolve('r'))); await tell(g().throw('t')); const it = g(); await tell(it.return(1)); await tell(it.next());`,
  'return awaits': `${drive} async function* g() { return Promise.resolve(1); } await tell(g().next()); async function* h() { try { return Promise.reject('r'); } catch (reason) { log('caught ' + reason); return; } } await tell(h().next()); async function* i() { return (await 1, 2); } await tell(i().next());`,
  'return awaits in a finally': `${drive} async function* g() { try { return 'a'; } finally { log(await 'finally'); } } await tell(g().next());`,
  'a thenable is awaited': `${drive} const thenable = (name) => ({ then(resolve) { log('called ' + name); resolve(name); } }); async function* g() { log(yield thenable('y')); return thenable('r'); } const it = g(); await tell(it.next()); await tell(it.next('sent')); await tell(it.next());`,
  'yield without an operand, in expressions': `${drive} async function* g() { const a = [yield, yield]; log(a.join()); log((yield 1) + (yield 2)); log(\`\${yield 3}\`); const o = { [yield 4]: yield 5 }; log(JSON.stringify(o)); log(true ? yield 6 : yield 7); log((yield, yield)); f(yield yield 8); function f(x) { log(x); } } const it = g(); for (let n = 0; n < 13; n += 1) await tell(it.next(n));`,
  'a sync iterator that is delegated to gets what is sent': `${drive}
    const inner = () => ({ [Symbol.iterator]() { return this; }, next(...args) { log('next ' + args.join()); return { value: 1 }; }, return(...args) { log('return ' + args.join()); return {}; }, throw(...args) { log('throw ' + args.join()); return { value: 2, done: true }; } });
    async function* g() { log(yield* inner()); yield* inner(); } const it = g();
    for (const [method, value] of [['next', 'lost'], ['next', 'n'], ['throw', 't'], ['next', 'm'], ['return', 'r']]) await tell(it[method](value));`,
  'what is returned to a yield is asked for its then once': `${drive} async function* g() { yield 1; } const it = g(); await it.next(); await tell(it.return({ get then() { log('get then'); } }).then(({ done }) => ({ done })));`,
  'return of a list': `${drive} async function* g() { return log('a'), Promise.resolve('b'); } await tell(g().next()); async function* h() { return (log('c')), 'd' } await tell(h().next());`,
  'a yield without an operand ends with its line': `${drive}
    async function* g() {
      yield
      [1, 2].forEach(log)
      yield
      (log('parenthesis'))
      yield
      \`\${log('template')}\`
      yield
      /x/.test(log('expression'))
      yield
      +log('plus')
      const a = yield
      -log(a)
    }
    for await (const x of g()) log(x)`,
  'operands that are looser than a yield': `${drive} async function* g() { let a; yield a = 1; yield a ? 2 : 3; yield () => 4; yield (5, 6); yield async () => { await 7; }; } for await (const x of g()) log(typeof x === 'number' ? x : typeof x);`,
  'without semicolons': `${drive}
    async function* g() {
      const a = 1
      yield a
      const b = [2]
      yield
      yield b[0]
      yield* b
      return a
    }
    for await (const x of g()) log(x)`,
  'yield* of an array, and what it returns': `${drive} async function* g() { log(yield* [1, Promise.resolve(2)]); log(yield* inner()); async function* inner() { yield 3; return 4; } } for await (const x of g()) log(x);`,
  'yield* passes next, throw and return on': `${drive}
    const inner = { get [Symbol.asyncIterator]() { log('get asyncIterator'); return () => ({
      get next() { log('get next'); return (v) => { log('next ' + v); return { value: 'n', done: false }; }; },
      get throw() { log('get throw'); return async (v) => { log('throw ' + v); return { value: 't', done: false }; }; },
      get return() { log('get return'); return (v) => { log('return ' + v); return { value: 'r', done: v === 'end' }; }; },
    }); } };
    async function* g() { try { yield* inner; } finally { log('finally'); } } const it = g();
    await tell(it.next('lost')); await tell(it.next('a')); await tell(it.throw('b')); await tell(it.return('c')); await tell(it.return('end')); await tell(it.next());`,
  'yield* of what has neither throw nor return': `${drive} const bare = { [Symbol.asyncIterator]: () => ({ next: () => ({ value: 1, done: false }) }) };
    async function* g() { try { yield* bare; } catch (error) { log('caught ' + error.name); } yield* bare; } const it = g(); await tell(it.next()); await tell(it.throw('t')); await tell(it.next()); await tell(it.return('r')); await tell(it.next());`,
  'yield* closes what has no throw': `${drive} const closing = { [Symbol.asyncIterator]: () => ({ next: () => ({ value: 1, done: false }), return() { log('closed'); return {}; } }) };
    async function* g() { try { yield* closing; } catch (error) { log('caught ' + error.name); } } const it = g(); await tell(it.next()); await tell(it.throw('t'));`,
  'yield* of a sync iterator': `${drive} const sync = () => ({ [Symbol.iterator]: () => ({ next(v) { log('next ' + v); return { value: Promise.resolve(1), done: false }; }, return(v) { log('return ' + v); return { value: Promise.resolve('r'), done: true }; }, throw(v) { log('throw ' + v); return { value: Promise.resolve('t'), done: true }; } }) });
    async function* g() { log(yield* sync()); yield* sync(); } const it = g(); await tell(it.next('lost')); await tell(it.next('a')); await tell(it.throw('b')); await tell(it.return('c'));`,
  'yield* of what is not iterable, or misbehaves': `${drive} for (const inner of [null, 5, {}, { [Symbol.asyncIterator]: () => 5 }, { [Symbol.asyncIterator]: () => ({}) }, { [Symbol.asyncIterator]: () => ({ next: () => 5 }) }, { [Symbol.asyncIterator]: () => ({ next() { throw 'sync'; } }) }, { [Symbol.asyncIterator]: () => ({ next: async () => { throw 'async'; } }) }])
    await tell((async function* () { yield* inner; })().next());`,
  'yield* of a getter that throws': `${drive} const inner = { [Symbol.asyncIterator]: () => ({ next: () => ({ value: 1, done: false }), get throw() { throw 'get throw'; }, get return() { throw 'get return'; } }) };
    for (const method of ['throw', 'return']) { const it = (async function* () { try { yield* inner; } catch (reason) { log('caught ' + reason); } })(); await tell(it.next()); await tell(it[method](1)); }`,
  'methods, arrows inside and this': `${drive} class A { name = 'a'; async *m(x) { yield this.name + x; const f = () => this.name; yield f(); yield* (async function* (o) { yield o.name; })(this); return arguments.length; } static async *[Symbol.asyncIterator]() { yield 's'; } } const it = new A().m(1); for (let n = 0; n < 4; n += 1) await tell(it.next()); for await (const x of A) log(x);`,
  'sync generators are left alone': `function* g() { const a = yield Promise.resolve(1); log(a); return Promise.resolve(2); } const it = g(); log(it.next().value instanceof Promise); log(it.next('a').value instanceof Promise); function* h() { yield* [1, 2]; } log([...h()].join());`,
  'a sync generator inside an async one, and the other way round': `async function* g() { function* inner() { yield 1; return 2; } yield* inner(); const f = async () => { return 3; }; yield f(); } for await (const x of g()) log(x);`,
  'loops over generators of generators': `async function* count(n) { for (let i = 0; i < n; i += 1) { await null; yield i; } } async function* flat(n) { for await (const x of count(n)) yield* count(x); } for await (const x of flat(4)) log(x);`,
};

const resources = `
  const open = (name, wait) => ({ name, get [asyncDispose]() { log('get ' + name); return async function () { log('dispose ' + this.name); if (wait) await wait; log('disposed ' + name); }; } });
  const openSync = (name) => ({ name, get [dispose]() { log('get ' + name); return function () { log('dispose ' + this.name); const result = Promise.reject('never awaited'); result.catch(() => {}); return result; }; } });
`;

export const awaitUsing: Programs = {
  'one resource in a block': `${resources} { log('in'); await using a = open('a'); log(a.name); } log('after');`,
  'in reverse order, beside using': `${resources} { await using a = open('a'), b = openSync('b'); using c = openSync('c'); await using d = open('d'); log('body'); } log('after');`,
  'null and undefined': `{ await using a = null, b = undefined; log(String(a)); } log('after'); { if (true) { await using c = null; } }`,
  'what cannot be disposed': `${resources} for (const value of [{}, 5, 'a', { [asyncDispose]: 5 }, { [asyncDispose]: null, [dispose]: null }, { [dispose]: 5 }]) try { await using first = open('first'); await using a = value; log('never'); } catch (error) { log(error.name); }`,
  'a method that is there twice': `${resources} { await using a = { [asyncDispose]() { log('async'); }, [dispose]() { log('sync'); } }; }`,
  'a sync resource whose disposer throws': `${resources} try { await using a = { [dispose]() { throw 'sync'; } }; } catch (reason) { log(reason); }`,
  'an error of the body': `${resources} try { await using a = open('a'); throw 'body'; } catch (reason) { log(reason); }`,
  'an error of a disposer': `${resources} try { await using a = open('a'); await using b = { async [asyncDispose]() { throw 'b'; } }; log('body'); } catch (reason) { log(reason); }`,
  'errors that suppress each other': `try { await using a = { async [asyncDispose]() { throw new Error('a'); } }; await using b = { [asyncDispose]() { throw new Error('b'); } }; throw new Error('body'); } catch (error) { const show = (e) => e.suppressed ? e.name + '(' + show(e.error) + ',' + show(e.suppressed) + ')' : e.message; log(show(error)); }`,
  'an error of an initializer': `${resources} try { await using a = open('a'), b = (() => { throw 'init'; })(); } catch (reason) { log(reason); }`,
  'the result of a disposer is awaited': `{ await using a = { [asyncDispose]() { return { then(resolve) { log('awaited'); resolve(); } }; } }; } log('after');`,
  'in functions: return, throw, fall off the end': `${resources} const f = async (how) => { await using a = open(how); log('body'); if (how === 'return') return 'returned'; if (how === 'throw') throw 'thrown'; }; log(await f('return')); try { await f('throw'); } catch (reason) { log(reason); } log(String(await f('end')));`,
  'functions are hoisted, names are dead before': `${resources} const f = async () => { log(g()); try { log(a); } catch (error) { log(error.name); } await using a = open('a'); function g() { return typeof h; } var h = 1; { try { log(b); } catch (error) { log(error.name); } await using b = open('b'); log(typeof b); } }; await f();`,
  'labels, break and continue': `${resources} outer: for (const n of [1, 2, 3]) { block: { await using a = open(n); if (n === 1) continue outer; if (n === 2) break block; break outer; } log('after block'); } log('after');`,
  'for of, with closures and early exits': `${resources} const fs = []; l: for (await using a of [open(1), null, open(2), open(3)]) { fs.push(() => a?.name); if (a?.name === 2) break l; continue l; } log(fs.map((f) => f()).join());`,
  'for of closes its iterator after the disposal': `${resources} function* g() { try { yield open('a'); } finally { log('closed'); } } for (await using a of g()) break; try { for (await using a of [{}]) log('never'); } catch (error) { log(error.name); }`,
  'for await of': `${resources} async function* g() { try { yield open('a'); yield openSync('b'); } finally { log('closed'); } } for await (await using a of g()) log(a.name); for await (await using a of g()) { log('leave'); break; }`,
  'for of with a body that is no block': `${resources} for (await using a of [open('a')]) log(a.name); for (await using a of [open('b')]) if (a) log('if'); else log('else')`,
  'for with a head': `${resources} m: l: for (await using a = open('a'), b = openSync('b'); true; log('update')) { for (const n of [1, 2]) { if (n === 2) break l; continue; } } log('after'); for (await using a = null; false;); let n = 0; k: for (await using a = open('c'); n++ < 2; ) continue k;`,
  'in every kind of block': `${resources} if (true) { await using a = open('if'); } else { await using a = open('else'); } try { await using a = open('try'); } catch { } try { throw 1; } catch { await using a = open('catch'); } finally { await using a = open('finally'); } let n = 0; while (n++ < 1) { await using a = open('while'); } do { await using a = open('do'); } while (false); switch (1) { case 1: { await using a = open('case'); } }`,
  'in an async generator': `${resources} async function* g() { await using a = open('a'); try { await using b = open('b'); yield b.name; yield a.name; } finally { log('finally'); } } for await (const x of g()) log(x); for await (const x of g()) { log(x); break; }`,
  'without semicolons': `${resources}
    {
      await using a = open('a')
      await using b = a.name ? open('b') : null, c = null
      ;[b].forEach((x) => log(x.name))
      await using d = open('d')
      const e = 1
    }
    log('after')`,
  'initializers that await, and name their functions': `${resources} { await using a = await open('a', Promise.resolve()); await using b = Object.assign(class {}, { [asyncDispose]: async () => log('b') }); await using c = class { static [dispose]() { log('c'); } }; }`,
};

/** The program 'for with a head' in other words, for tools that do not know it. */
export const forWithoutHead = `${resources} { await using a = open('a'), b = openSync('b'); m: l: for (; true; log('update')) { for (const n of [1, 2]) { if (n === 2) break l; continue; } } } log('after'); { await using a = null; for (; false;); } let n = 0; { await using a = open('c'); k: for (; n++ < 2; ) continue k; }`;
