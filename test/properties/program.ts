/** Programs are plain data: drawn at random, shrunk, printed as pseudo code, and run in any world. */

/** Refers to a statement by its `id`. As drawn, it is any number; `bindNames` makes it the id of a visible statement. */
export type Ref = number;

/** How a thenable that is no promise behaves once its `then` is called. */
export type ThenableKind =
  | 'fulfills'
  | 'rejects'
  | 'throws'
  | 'fulfills twice'
  | 'throws after fulfilling'
  | 'fulfills later'
  | 'never settles';

export type Value =
  | { readonly kind: 'plain' | 'error' | 'native fulfilled' | 'native rejected'; readonly id: number }
  | { readonly kind: 'thenable'; readonly behaves: ThenableKind; readonly id: number }
  | { readonly kind: 'promise'; readonly ref: Ref };

export interface Body {
  readonly statements: readonly Statement[];
  readonly end: { readonly throws: boolean; readonly value: Value };
}

/** The custom domains of a program; two names stand for the two composed. */
export type DomainName = 'd1' | 'd2' | 'd3';

export interface DomainUse {
  readonly domains: readonly DomainName[];
  readonly replace: boolean;
}

/** What a block is run in. */
export type Block =
  | { readonly in: 'span'; readonly recordErrors: boolean }
  | { readonly in: 'handoff' | 'no domain' | 'baggage' | 'root context' | 'suppressed tracing' | 'try' }
  | ({ readonly in: 'domain' } & DomainUse);

type Combinator = 'all' | 'allSettled' | 'race' | 'any';

/** Every statement runs at most once, so that its `id` names what it makes: `p7`, `s7`, `l7`. */
export type Statement =
  | {
      readonly kind: 'create';
      readonly id: number;
      readonly how: 'resolve' | 'reject' | 'from';
      readonly value: Value;
    }
  | { readonly kind: 'deferred'; readonly id: number }
  | {
      readonly kind: 'settle';
      readonly deferred: Ref;
      readonly how: 'resolve' | 'reject';
      readonly value: Value;
    }
  | {
      readonly kind: 'then';
      readonly id: number;
      readonly promise: Ref;
      readonly onFulfilled: Body | undefined;
      readonly onRejected: Body | undefined;
    }
  | {
      readonly kind: 'catch' | 'finally';
      readonly id: number;
      readonly promise: Ref;
      readonly callback: Body;
    }
  | {
      readonly kind: 'combine';
      readonly id: number;
      readonly how: Combinator;
      readonly values: readonly Value[];
    }
  | { readonly kind: 'block'; readonly id: number; readonly block: Block; readonly body: Body }
  | { readonly kind: 'local'; readonly id: number; readonly domain: 'handoff' | DomainUse }
  | { readonly kind: 'dispose'; readonly local: Ref }
  | { readonly kind: 'end span'; readonly span: Ref }
  | { readonly kind: 'child span'; readonly id: number };

export interface Program {
  /** Local domains installed at the very start, and disposed by a statement or never. */
  readonly forgotten: readonly (Statement & { kind: 'local' })[];
  readonly body: Body;
}

/** What the statements of a body can refer to: what came before, there and in the bodies around it. */
interface Scope {
  readonly promises: Ref[];
  readonly deferreds: Ref[];
  readonly locals: Ref[];
  readonly spans: Ref[];
}

/** The same program with an id of its own for every statement and value, and with every reference to a visible one. */
export function bindNames(program: Program): Program {
  let lastId = 0;
  const nextId = () => ++lastId;
  const pick = (visible: readonly Ref[], drawn: Ref) =>
    visible[visible.length - 1 - (drawn % visible.length)];

  function bindValue(value: Value, scope: Scope): Value {
    return value.kind === 'promise'
      ? { ...value, ref: pick(scope.promises, value.ref) ?? 0 }
      : { ...value, id: nextId() };
  }

  function bindBody(body: Body, outer: Scope, span?: Ref): Body {
    const scope: Scope = {
      promises: [...outer.promises],
      deferreds: [...outer.deferreds],
      locals: [...outer.locals],
      spans: span === undefined ? [...outer.spans] : [...outer.spans, span],
    };
    const statements = body.statements.flatMap((statement) => bindStatement(statement, scope) ?? []);
    return { statements, end: { ...body.end, value: bindValue(body.end.value, scope) } };
  }

  /** `undefined` where there is nothing yet to refer to. */
  function bindStatement(statement: Statement, scope: Scope): Statement | undefined {
    const named = nameStatement(statement, scope);
    if (named === undefined || !('id' in named)) return named;
    if (named.kind === 'local') scope.locals.push(named.id);
    else if (named.kind !== 'child span') scope.promises.push(named.id);
    if (named.kind === 'deferred') scope.deferreds.push(named.id);
    return named;
  }

  function nameStatement(statement: Statement, scope: Scope): Statement | undefined {
    switch (statement.kind) {
      case 'create':
        return { ...statement, id: nextId(), value: bindValue(statement.value, scope) };
      case 'settle': {
        const deferred = pick(scope.deferreds, statement.deferred);
        return deferred === undefined
          ? undefined
          : { ...statement, deferred, value: bindValue(statement.value, scope) };
      }
      case 'then': {
        const { onFulfilled, onRejected } = statement;
        return {
          ...statement,
          id: nextId(),
          promise: pick(scope.promises, statement.promise) ?? 0,
          onFulfilled: onFulfilled && bindBody(onFulfilled, scope),
          onRejected: onRejected && bindBody(onRejected, scope),
        };
      }
      case 'catch':
      case 'finally': {
        const promise = pick(scope.promises, statement.promise) ?? 0;
        return { ...statement, id: nextId(), promise, callback: bindBody(statement.callback, scope) };
      }
      case 'combine':
        return {
          ...statement,
          id: nextId(),
          values: statement.values.map((value) => bindValue(value, scope)),
        };
      case 'block': {
        const id = nextId();
        const span = statement.block.in === 'span' ? id : undefined;
        return { ...statement, id, body: bindBody(statement.body, scope, span) };
      }
      case 'dispose': {
        const local = pick(scope.locals, statement.local);
        return local === undefined ? undefined : { ...statement, local };
      }
      case 'end span': {
        const span = pick(scope.spans, statement.span);
        return span === undefined ? undefined : { ...statement, span };
      }
      default:
        return { ...statement, id: nextId() };
    }
  }

  const forgotten = program.forgotten.map((statement) => ({ ...statement, id: nextId() }));
  const outer = { promises: [0], deferreds: [], locals: forgotten.map(({ id }) => id), spans: [] };
  return { forgotten, body: bindBody(program.body, outer) };
}
