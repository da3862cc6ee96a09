import { describe, expect, test } from 'vitest';
import { transformAwaits } from '../../src/unplugin/index.js';

/** The transformed code without its import, or `undefined` where nothing was to be done. */
function transformed(code: string, id = '/src/a.ts'): string | undefined {
  const result = transformAwaits(code, id)?.code;
  if (result !== undefined) expect(transformAwaits(result, id)).toBeUndefined();
  return result?.replace(/;? ?import \{[^}]*\} from 'otel-promise-domain\/unplugin\/runtime'; ?/, '');
}

const yielding = (operand: string) =>
  `__startYield(${operand}) ? yield* __keptYield() : yield${operand && ' __plainYield()'}`;

describe('transformAwaits', () => {
  test.each([
    ['await x', 'await __awaited(x)'],
    ['await(x)', 'await __awaited((x))'],
    ['await/* c */x', 'await/* c */__awaited(x)'],
    ['await +x', 'await __awaited(+x)'],
    ['await-1', 'await __awaited(-1)'],
    ['await`t`', 'await __awaited(`t`)'],
    ['await[1]', 'await __awaited([1])'],
    ['await"s"', 'await __awaited("s")'],
    ['await/r/', 'await __awaited(/r/)'],
    ['await\nx', 'await\n__awaited(x)'],
    ['await (a, b)', 'await __awaited((a, b))'],
    ['await new Foo', 'await __awaited(new Foo)'],
    ['await await x', 'await __awaited(await __awaited(x))'],
    ['await a ? b : c', 'await __awaited(a) ? b : c'],
    ['await (async () => {})()', 'await __awaited((async () => {})())'],
    ['await async function () {}', 'await __awaited(async function () {})'],
    ['await import("a")', 'await __awaited(import("a"))'],
    ['await x!', 'await __awaited(x!)'],
    ['(await x)!', '(await __awaited(x))!'],
    ['await x as T', 'await __awaited(x) as T'],
    ['await <T>x', 'await __awaited(<T>x)'],
    ['await f<T>(x)', 'await __awaited(f<T>(x))'],
    ['await (x satisfies T)', 'await __awaited((x satisfies T))'],
    [`\`é😀$\{await x}\``, `\`é😀$\{await __awaited(x)}\``],
    ['const a = await b\n;[c] = await d', 'const a = await __awaited(b)\n;[c] = await __awaited(d)'],
    [
      'class A { @dec(await x) [await y] = 1; static { } async m() { await super.m(); } }',
      'class A { @dec(await __awaited(x)) [await __awaited(y)] = 1; static { } async m() { await __awaited(super.m()); } }',
    ],
    ['for (const x of await y);', 'for (const x of await __awaited(y));'],
    ['for await (const x of y);', 'for await (const x of __iterated(y));'],
    ['for await (const x of(y));', 'for await (const x of __iterated((y)));'],
    ['for await (const x of await y);', 'for await (const x of __iterated(await __awaited(y)));'],
    ['l: for await (a.b of y) continue l;', 'l: for await (a.b of __iterated(y)) continue l;'],
  ])('wraps the operand of %j', (code, expected) => {
    expect(transformed(code)).toBe(expected);
  });

  test.each([
    ['yield x;', `${yielding('x').replace('(x', '( x')};`],
    ['yield(x);', `${yielding('(x)')};`],
    ['yield;', `${yielding('')};`],
    ['f(yield, 1);', `f(${yielding('')}, 1);`],
    ['a\nyield\nb', `a\n${yielding('')}\nb`],
    ['yield await x;', `${yielding(' await __awaited(x)')};`],
    ['yield a ? b : c;', `${yielding(' a ? b : c')};`],
    ['yield* x;', 'yield* __delegated(x);'],
    ['yield*x;', 'yield* __delegated(x);'],
    ['return x;', 'return __awaited(x);'],
    ['return(x);', 'return __awaited((x));'],
    ['return a, b;', 'return __awaited((a, b));'],
    ['return(a), b;', 'return __awaited(((a), b));'],
    ['return;', 'return;'],
    ['() => { return x }; await 1;', '() => { return x }; await __awaited(1);'],
    ['async () => { return await x };', 'async () => { return await __awaited(x) };'],
  ])('rewrites %j in an async generator', (code, expected) => {
    const around = (body: string) => `async function* g() { ${body} }`;
    expect(transformed(around(code))).toBe(expected.includes('__') ? around(expected) : undefined);
  });

  test.each([
    ['await a++\n[b]', 'await __awaited(a++);\n[b]'],
    ['export default await a++ /* c */\n(b)', 'export default await __awaited(a++); /* c */\n(b)'],
    ['await a\n++b', 'await __awaited(a)\n++b'],
    ['await a\n// (\nb', 'await __awaited(a)\n// (\nb'],
    ['await a\n/ b', 'await __awaited(a)\n/ b'],
  ])('lets %j end where it ended', (code, expected) => {
    expect(transformed(code)).toBe(expected);
  });

  test('rewrites await using in blocks, functions, loops and at the top level', () => {
    const reentered = (block: string) =>
      `{const __context=__capture();let __reached;try${block}finally{__reached&&await __reenter(__reached)}}`;
    expect(transformed('await using a = b')).toBe('const a = b; await using __held = __resource(a);');
    expect(transformed('async () => { await using a: T = b, c = d; }')).toBe(
      'async () => { const a: T = b; await using __held = __resource(a); const c = d; await using __held1 = __resource(c); }',
    );
    expect(transformed('{ await using a = b\nc }')).toBe(
      reentered('{ const a = b; await using __held = __resource(a); __reached=__context;\nc }'),
    );
    expect(transformed('for (await using a of b) c;')).toBe(
      `for (const a of b) ${reentered('{await using __held = __resource(a); __reached=__context;c;}')}`,
    );
    expect(transformed('l: for (await using a = b; c; d) e;')).toBe(
      reentered('{const a = b; await using __held = __resource(a); __reached=__context;l: for (; c; d) e;}'),
    );
    expect(transformed('using a = b; await 1;')).toBe('using a = b; await __awaited(1);');
  });

  test.each([
    ['nothing to await', 'const a = 1;'],
    ['an async function without await', 'async function f() { return g(); }'],
    [
      'the word in comments, strings and properties',
      '// await\nconst a = { await: "await", async: 1 }.await;',
    ],
    ['a sync generator', 'async () => {}; function* g() { yield 1; return 2; }'],
    ['a syntax error', 'await await await ('],
    ['an await that is a name', 'var await = 1; await (1);'],
    ['a style sheet', '.await { color: red }'],
    ['a component that is not compiled', '<script>\nawait x;\n</script>'],
    ['nothing', ''],
  ])('leaves alone what has %s', (_what, code) => {
    expect(transformAwaits(code, '/src/a.js')).toBeUndefined();
  });

  test('reads JSX and TypeScript by the id, and by its query', () => {
    const jsx = '<A b={await c} {...await d}>{await e}</A>';
    const rewritten = '<A b={await __awaited(c)} {...await __awaited(d)}>{await __awaited(e)}</A>';
    for (const id of [
      '/a.js',
      '/a.mjs',
      '/a.jsx',
      '/a.tsx',
      '/a.vue',
      '/a.vue?vue&type=script&lang.tsx',
      '/a.svelte?lang=jsx',
    ])
      expect(transformed(jsx, id), id).toBe(rewritten);
    const ts = 'const a: T = await <T>b;';
    for (const id of [
      '/a.ts',
      '/a.mts',
      '/a.ts?v=1#x',
      '/a.vue?vue&type=script&setup=true&lang.ts',
      '/a.vue',
    ])
      expect(transformed(ts, id), id).toBe('const a: T = await __awaited(<T>b);');
    expect(transformed(ts, '/a.tsx')).toBeUndefined();
  });

  test('takes what is ambiguous for TypeScript where the id says so, unless told that it was compiled', () => {
    const code = 'await a<b>(c)';
    expect(transformed(code, '/a.ts')).toBe('await __awaited(a<b>(c))');
    expect(transformed(code, '/a.js')).toBe('await __awaited(a)<b>(c)');
    expect(transformAwaits(code, '/a.ts', { lang: 'js' })?.code).toContain('await __awaited(a)<b>(c)');
    expect(transformAwaits('a as T, await b', '/a.ts', { lang: 'js' })?.code).toContain('await __awaited(b)');
  });

  test('gives helpers names that the source does not use', () => {
    expect(
      transformAwaits('let __awaited; type __awaited1 = 1; <__awaited2 />; await x', '/a.tsx')?.code,
    ).toMatch(/awaited as __awaited3 .* await __awaited3\(x\)$/);
    expect(transformed('let __held, __context; { await using a = b; }')).toContain('__context1=__capture()');
  });

  test('does nothing to code that imports or requires the helpers', () => {
    for (const code of [
      "import { awaited } from 'otel-promise-domain/unplugin/runtime'; await 1",
      "const runtime = require('otel-promise-domain/unplugin/runtime'); async () => await 1",
    ])
      expect(transformAwaits(code, '/a.js')).toBeUndefined();
    expect(transformAwaits("await 'otel-promise-domain/unplugin/runtime'", '/a.js')).toBeDefined();
  });

  test('finds its way through deep trees', () => {
    const deep = `await 1${' + 1'.repeat(5_000)}`;
    expect(transformed(deep)).toBe(deep.replace('1', '__awaited(1)'));
  });

  test.each([
    [[1, 'a.js'], 'transformAwaits: code must be a string (got 1)'],
    [['', undefined], 'transformAwaits: id must be a string (got undefined)'],
    [['', 'a', null], 'transformAwaits: options must be an object (got null)'],
    [
      ['', 'a', { lang: 'py' }],
      `transformAwaits: options.lang must be 'js', 'jsx', 'ts' or 'tsx' (got "py")`,
    ],
    [['', 'a', { runtime: 1 }], 'transformAwaits: options.runtime must be a string (got 1)'],
  ])('throws a TypeError for the arguments %j', (args, message) => {
    // Reason for the cast: it is called as JavaScript may call it.
    const call = transformAwaits as unknown as (...args: unknown[]) => unknown;
    expect(() => call(...args)).toThrow(new TypeError(message));
  });
});
