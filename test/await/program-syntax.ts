import fc from 'fast-check';

/** What a synchronous call is made in. */
export type Scope =
  | { in: 'context'; name: 'A' | 'B' | undefined }
  | { in: 'handoff' }
  | { in: 'no domain' }
  | { in: 'custom'; domain: 0 | 1; replace: boolean }
  | { in: 'variable'; domain: 0 | 1; value: 'x' | 'y' };

/** An expression that gives a promise, or `null`. */
export type Value =
  | { kind: 'null' | 'native' | 'native rejected' }
  | { kind: 'resolved' | 'rejected' | 'later' | 'subclass' | 'subclass later' }
  | { kind: 'deferred'; ref: number }
  | { kind: 'call'; body: Body }
  | { kind: 'from' | 'executor' | 'native executor' | 'thenable'; of: Value }
  | { kind: 'all' | 'allSettled' | 'race' | 'any' | 'native all'; of: Value[] }
  | { kind: 'then' | 'catch' | 'finally'; of: Value; body: Body }
  | { kind: 'in'; scopes: readonly Scope[]; of: Value };

/** What is made current until it is disposed; `undefined` attaches no context. */
export type Install =
  | { kind: 'attach'; name: 'C' | 'D' | undefined }
  | { kind: 'local'; domain: 0 | 1 | 'handoff' };

/** A statement that awaits and installs nothing. */
export type Step =
  | { kind: 'start'; value: Value }
  | { kind: 'microtask' }
  /** Reads `constructor` of a promise that is not used otherwise. */
  | { kind: 'look' }
  | { kind: 'settle'; ref: number; rejects: boolean }
  | { kind: 'dispose'; ref: number }
  | { kind: 'scope'; scope: Scope; steps: Step[] };

export type Statement =
  | Step
  | Install
  | { kind: 'await'; value: Value }
  | { kind: 'try'; body: Statement[]; caught: Statement[]; last: Statement[] };

/** The body of an async function. */
export interface Body {
  readonly statements: readonly Statement[];
  readonly end: { readonly how: 'return' | 'throw'; readonly value: Value };
}

export interface Program {
  /** What the body is called in, from the outside in. */
  readonly scopes: readonly Scope[];
  /** Run at the start of the first job, and never disposed there. */
  readonly forgotten: readonly Install[];
  readonly body: Body;
}

const one = <T extends string>(...choices: T[]) => fc.constantFrom<T[]>(...choices);
const ref = fc.nat({ max: 2 });
const which = fc.constantFrom<(0 | 1)[]>(0, 1);

const scope: fc.Arbitrary<Scope> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      in: one('context'),
      name: fc.constantFrom('A' as const, 'B' as const, undefined),
    }),
  },
  { weight: 3, arbitrary: fc.record({ in: one('handoff') }) },
  fc.record({ in: one('no domain') }),
  { weight: 2, arbitrary: fc.record({ in: one('custom'), domain: which, replace: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ in: one('variable'), domain: which, value: one('x', 'y') }) },
);

const scopes = fc.array(scope, { minLength: 1, maxLength: 4, size: 'max' });

const install: fc.Arbitrary<Install> = fc.oneof(
  fc.record({
    kind: one('attach'),
    name: fc.constantFrom<('C' | 'D' | undefined)[]>('C', 'D', undefined),
  }),
  fc.record({
    kind: one('local'),
    domain: fc.constantFrom<(0 | 1 | 'handoff')[]>('handoff', 0, 1),
  }),
);

const deferred = fc.record({ kind: one('deferred'), ref });

const plainValue: fc.Arbitrary<Value> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: one('null', 'native', 'native rejected') }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: one('resolved', 'rejected', 'later', 'subclass', 'subclass later') }),
  },
  { weight: 4, arbitrary: deferred },
);

function randomValue(depth: number): fc.Arbitrary<Value> {
  if (depth === 0) return plainValue;
  const of = randomValue(depth - 1);
  const body = randomBody(depth - 1);
  const call = fc.record({ kind: one('call'), body });
  const fromCall = fc.record({ kind: one('from'), of: call });
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 6, arbitrary: plainValue },
    { weight: 2, arbitrary: call },
    { weight: 3, arbitrary: fromCall },
    { weight: 3, arbitrary: fc.record({ kind: one('from', 'executor', 'native executor', 'thenable'), of }) },
    fc.record({
      kind: one('all', 'allSettled', 'race', 'any', 'native all'),
      of: fc.array(of, { minLength: 1, maxLength: 3 }),
    }),
    { weight: 3, arbitrary: fc.record({ kind: one('then', 'catch', 'finally'), of, body }) },
    { weight: 4, arbitrary: fc.record({ kind: one('in'), scopes, of: fc.oneof(of, call, fromCall) }) },
  );
}

function randomStep(depth: number): fc.Arbitrary<Step> {
  const value = randomValue(depth);
  const leaf: fc.Arbitrary<Step> = fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: one('start'), value }) },
    fc.record({ kind: one('microtask', 'look') }),
    { weight: 2, arbitrary: fc.record({ kind: one('settle'), ref, rejects: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ kind: one('dispose'), ref }) },
  );
  if (depth === 0) return leaf;
  const steps = fc.array(randomStep(depth - 1), { maxLength: 3 });
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 4, arbitrary: leaf },
    fc.record({ kind: one('scope'), scope, steps }),
  );
}

function randomStatements(depth: number): fc.Arbitrary<Statement[]> {
  const awaiting = fc.record({ kind: one('await'), value: randomValue(depth) });
  const plain: fc.Arbitrary<Statement> = fc.oneof(
    { weight: 5, arbitrary: awaiting },
    { weight: 4, arbitrary: randomStep(depth) },
    { weight: 2, arbitrary: install },
  );
  if (depth === 0) return fc.array(plain, { maxLength: 3 });
  const inner = randomStatements(depth - 1);
  const statement = fc.oneof(
    { withCrossShrink: true },
    { weight: 7, arbitrary: plain },
    fc.record({ kind: one('try'), body: inner, caught: inner, last: inner }),
  );
  return fc.array(statement, { maxLength: 5, size: 'max' });
}

function randomBody(depth: number): fc.Arbitrary<Body> {
  return fc.record({
    statements: randomStatements(depth),
    end: fc.record({
      how: fc.oneof({ weight: 5, arbitrary: one('return') }, one('throw')),
      // What was awaited a moment ago by somebody else, and is now handed over, is told apart the hardest.
      value: fc.oneof(deferred, randomValue(Math.max(0, depth - 1))),
    }),
  });
}

export const randomProgram: fc.Arbitrary<Program> = fc.record({
  forgotten: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(install, { maxLength: 3 })),
  scopes,
  body: randomBody(3),
});
