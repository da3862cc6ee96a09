import fc from 'fast-check';
import { printProgram } from './print-program.js';
import {
  type Block,
  type Body,
  bindNames,
  type DomainUse,
  type Program,
  type Statement,
  type Value,
} from './program.js';

const id = fc.constant(0);
/** Counts backwards from the nearest, so that small numbers, which shrinking looks for, are the near ones. */
const ref = fc.nat({ max: 6 });

/** Picks one of several literals, and shrinks towards the first. */
const one = <T extends string>(...choices: T[]) => fc.constantFrom<T[]>(...choices);
/** True once in `n` times. */
const onceIn = (n: number) => fc.oneof({ weight: n - 1, arbitrary: fc.constant(false) }, fc.constant(true));

const plain = fc.record({ kind: one('plain'), id });
const reason = fc.oneof(fc.record({ kind: one('error'), id }), plain);
const value: fc.Arbitrary<Value> = fc.oneof(
  { withCrossShrink: true },
  { weight: 4, arbitrary: plain },
  { weight: 6, arbitrary: fc.record({ kind: one('promise'), ref }) },
  { weight: 2, arbitrary: fc.record({ kind: one('error', 'native fulfilled', 'native rejected'), id }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: one('thenable'),
      behaves: one(
        'fulfills',
        'fulfills later',
        'fulfills twice',
        'rejects',
        'throws',
        'throws after fulfilling',
        'never settles',
      ),
      id,
    }),
  },
);

const settled = fc.oneof(
  { weight: 2, arbitrary: fc.record({ how: one('resolve'), value }) },
  fc.record({ how: one('reject'), value: reason }),
);

const domainUse: fc.Arbitrary<DomainUse> = fc.record({
  domains: fc.uniqueArray(one('d1', 'd2', 'd3'), { minLength: 1, maxLength: 2 }),
  replace: onceIn(5),
});

const local = fc.record({
  kind: one('local'),
  id,
  domain: fc.oneof(one('handoff'), domainUse),
});

const block: fc.Arbitrary<Block> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ in: one('span'), recordErrors: onceIn(5).map((not) => !not) }),
  },
  { weight: 5, arbitrary: fc.record({ in: one('handoff', 'try') }) },
  {
    weight: 4,
    arbitrary: fc.record({ in: one('baggage', 'no domain', 'root context', 'suppressed tracing') }),
  },
  { weight: 3, arbitrary: domainUse.map((use) => ({ in: 'domain' as const, ...use })) },
);

const leaf: fc.Arbitrary<Statement> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: one('child span'), id }) },
  { weight: 2, arbitrary: fc.record({ kind: one('create'), id, how: one('resolve', 'from'), value }) },
  fc.record({ kind: one('create'), id, how: one('reject'), value: reason }),
  { weight: 2, arbitrary: fc.record({ kind: one('deferred'), id }) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(ref, settled)
      .map(([deferred, settling]) => ({ kind: 'settle' as const, deferred, ...settling })),
  },
  fc.record({
    kind: one('combine'),
    id,
    how: one('all', 'allSettled', 'race', 'any'),
    values: fc.array(value, { maxLength: 3 }),
  }),
  { weight: 2, arbitrary: local },
  { weight: 3, arbitrary: fc.record({ kind: one('dispose'), local: ref }) },
  fc.record({ kind: one('end span'), span: ref }),
);

/** A body whose statements have bodies in their turn, `depth` levels of them. */
function randomBody(depth: number, maxLength: number): fc.Arbitrary<Body> {
  return fc.record({
    statements: fc
      .array(randomStatements(depth), { maxLength, size: 'max' })
      .map((statements) => statements.flat()),
    end: fc.oneof(
      { weight: 7, arbitrary: fc.record({ throws: fc.constant(false), value }) },
      fc.record({ throws: fc.constant(true), value: reason }),
    ),
  });
}

/** A statement. Shrinking also tries the statements of its bodies in its place, which it seldom gives otherwise. */
function randomStatements(depth: number): fc.Arbitrary<readonly Statement[]> {
  if (depth === 0) return leaf.map((statement) => [statement]);
  const body = randomBody(depth - 1, 4);
  const then = fc.record({
    kind: one('then'),
    id,
    promise: ref,
    onFulfilled: fc.option(body, { nil: undefined, freq: 6 }),
    onRejected: fc.option(body, { nil: undefined, freq: 1 }),
  });
  const catchOrFinally = fc.record({ kind: one('catch', 'finally'), id, promise: ref, callback: body });
  const blocks = fc.record({ kind: one('block'), id, block, body });
  const statement = fc.oneof(
    { withCrossShrink: true },
    { weight: 6, arbitrary: leaf },
    { weight: 5, arbitrary: then },
    { weight: 3, arbitrary: catchOrFinally },
    { weight: 6, arbitrary: blocks },
  );
  return fc
    .tuple(fc.nat({ max: 30 }), statement)
    .map(([keep, drawn]) => (keep > 0 ? [drawn] : bodiesOf(drawn).flatMap(({ statements }) => statements)));
}

function bodiesOf(statement: Statement): readonly Body[] {
  switch (statement.kind) {
    case 'then':
      return [statement.onFulfilled ?? [], statement.onRejected ?? []].flat();
    case 'catch':
    case 'finally':
      return [statement.callback];
    case 'block':
      return [statement.body];
    default:
      return [];
  }
}

/** Programs that print as pseudo code where a property fails. */
export const randomProgram: fc.Arbitrary<Program> = fc
  .record({
    forgotten: fc.oneof(
      { weight: 9, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(local, { maxLength: 2 }) },
    ),
    body: randomBody(3, 10),
  })
  .map((drawn) => {
    const program = bindNames(drawn);
    return Object.defineProperty(program, fc.toStringMethod, { value: () => printProgram(program) });
  });
