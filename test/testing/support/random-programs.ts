import fc from 'fast-check';

/** What a program does, one thing after another. Everything that is logged has the `label` of the statement. */
export type Statement =
  | { readonly does: 'mark' | 'throw'; readonly label: string }
  /** Goes on when it is settled: a promise of that kind, or the promise that came last. */
  | {
      readonly does: 'await';
      readonly label: string;
      readonly what: 'domain' | 'native' | 'rejected' | 'last';
    }
  /** On the promise that came last, which may have other callbacks already, or on a new one. */
  | {
      readonly does: 'then' | 'catch' | 'finally' | 'then and catch';
      readonly label: string;
      readonly on: 'last' | 'fulfilled' | 'rejected';
      readonly body: Body;
    }
  | {
      readonly does: 'span';
      readonly label: string;
      readonly how:
        | 'withOtelSpan'
        | 'startActiveSpan'
        | 'root'
        | 'child of the last'
        | 'left open'
        | 'ended twice';
      readonly body: Body;
    }
  | {
      readonly does: 'domain' | 'local domain';
      readonly label: string;
      readonly which: 'otel' | 'own' | 'none';
      readonly body: Body;
    }
  | { readonly does: 'call' | 'native job' | 'root context'; readonly label: string; readonly body: Body };

export type Body = readonly Statement[];

const label = fc.constant('');

const leaf: fc.Arbitrary<Statement> = fc.oneof(
  { withCrossShrink: true },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('mark' as const), label }) },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('await' as const),
      label,
      what: fc.constantFrom('domain' as const, 'native', 'rejected', 'last'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('throw' as const), label }) },
);

function statement(depth: number): fc.Arbitrary<Statement> {
  if (depth === 0) return leaf;
  const body = fc.array(statement(depth - 1), { maxLength: 4, size: 'max' });
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 4, arbitrary: leaf },
    {
      weight: 5,
      arbitrary: fc.record({
        does: fc.constantFrom('then' as const, 'then', 'catch', 'finally', 'then and catch'),
        label,
        on: fc.constantFrom('last' as const, 'fulfilled', 'rejected'),
        body,
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        does: fc.constant('span' as const),
        label,
        how: fc.constantFrom(
          'withOtelSpan' as const,
          'withOtelSpan',
          'startActiveSpan',
          'root',
          'child of the last',
          'left open',
          'ended twice',
        ),
        body,
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        does: fc.constantFrom('domain' as const, 'local domain'),
        label,
        which: fc.constantFrom('otel' as const, 'own', 'none'),
        body,
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        does: fc.constantFrom('call' as const, 'native job', 'root context'),
        label,
        body,
      }),
    },
  );
}

/** Programs of chains, branches, awaits, spans, domains and throws, every statement with a label of its own. */
export const randomProgram: fc.Arbitrary<Body> = fc
  .array(statement(3), { minLength: 1, maxLength: 5, size: 'max' })
  .map(labelled);

function labelled(program: Body): Body {
  let count = 0;
  const label = (statements: Body): Body =>
    statements.map((statement) => {
      count += 1;
      const labelled = { ...statement, label: `${statement.does} ${count}` };
      return 'body' in labelled ? { ...labelled, body: label(labelled.body) } : labelled;
    });
  return label(program);
}

/** The same without local domains. */
export function withoutLocalDomains(program: Body): Body {
  return program.map((statement) => {
    if (!('body' in statement)) return statement;
    const body = withoutLocalDomains(statement.body);
    return statement.does === 'local domain'
      ? { ...statement, does: 'domain', body }
      : { ...statement, body };
  });
}
