import fc from 'fast-check';

/*
 * Random async programs, as source text. Each logs what it does by `log`; a number makes labels unique. They end by
 * themselves: loops are bounded, and what is awaited settles in microtasks.
 */

type Block = (depth: number) => fc.Arbitrary<string>;

const label = fc.integer({ min: 0, max: 999 });

/** What may be awaited, yielded or returned. */
const operand = fc.oneof(
  label.map(String),
  label.map((n) => `Promise.resolve(${n})`),
  label.map((n) => `refuse(${n})`),
  label.map((n) => `tick().then(() => ${n})`),
  label.map((n) => `({ then(resolve) { log('then ${n}'); resolve(${n}); } })`),
  fc.constant('undefined'),
);

const iterable: Block = (depth) =>
  fc.oneof(
    fc.array(operand, { maxLength: 3 }).map((operands) => `[${operands.join(', ')}]`),
    fc
      .array(operand, { maxLength: 3 })
      .map((operands) => `(function* () { ${operands.map((o) => `yield ${o};`).join(' ')} })()`),
    block(depth - 1, true).map((body) => `(async function* () { ${body} })()`),
  );

/** Statements; those of an async generator yield as well. */
function block(depth: number, inGenerator: boolean): fc.Arbitrary<string> {
  const statements = fc.array(statement(depth, inGenerator), { minLength: 1, maxLength: 3 });
  return statements.map((all) => all.join(' '));
}

function statement(depth: number, inGenerator: boolean): fc.Arbitrary<string> {
  const simple = [
    label.map((n) => `log(${n});`),
    operand.map((value) => `log(await ${value});`),
    operand.map((value) => `log('a' + await ${value} + await tick());`),
    label.map((n) => `throw ${n};`),
    operand.map((value) => `return ${value};`),
    ...(inGenerator
      ? [
          operand.map((value) => `log(yield ${value});`),
          operand.map((value) => `log([yield, yield ${value}].length);`),
        ]
      : []),
  ];
  if (depth <= 0) return fc.oneof(...simple);
  const inner = block(depth - 1, inGenerator);
  const nested = [
    fc
      .tuple(inner, inner, inner)
      .map(([a, b, c]) => `try { ${a} } catch (e) { log('caught ' + e); ${b} } finally { ${c} }`),
    fc
      .tuple(operand, inner, inner)
      .map(([o, a, b]) => `if (await (async () => ${o})() ) { ${a} } else { ${b} }`),
    fc
      .tuple(iterable(depth), inner)
      .map(([items, body]) => `for await (const x of ${items}) { log('x' + x); ${body} }`),
    fc
      .tuple(iterable(depth), inner)
      .map(([items, body]) => `for await (const x of ${items}) { ${body} break; }`),
    inner.map((body) => `for (let n = 0; n < 2; n += 1) { ${body} if (await n) continue; }`),
    block(depth - 1, false).map((body) => `log('r' + await (async () => { ${body} })());`),
    fc
      .tuple(label, inner)
      .map(
        ([n, body]) =>
          `{ await using r = { async [asyncDispose]() { log('d${n}'); await tick(); log('e${n}'); } }; ${body} }`,
      ),
    fc
      .tuple(label, inner)
      .map(([n, body]) => `for (await using r of [null, { [dispose]() { log('s${n}'); } }]) { ${body} }`),
    ...(inGenerator ? [iterable(depth).map((items) => `log('y' + (yield* ${items}));`)] : []),
  ];
  return fc.oneof(
    { weight: 2, arbitrary: fc.oneof(...simple) },
    { weight: 3, arbitrary: fc.oneof(...nested) },
  );
}

/** The body of an async function. */
export const randomFunction: fc.Arbitrary<string> = block(3, false);

/** What a consumer may ask of an async generator: a method, and what it sends. */
export const randomRequests = fc.array(
  fc.tuple(fc.constantFrom('next', 'next', 'next', 'throw', 'return'), label),
  { minLength: 1, maxLength: 6 },
);

/** The body of an async generator. */
export const randomGenerator: fc.Arbitrary<string> = block(3, true);
