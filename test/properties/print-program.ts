import type { Block, Body, DomainUse, Program, Statement, Value } from './program.js';

/** A program as pseudo code: `p7` is a promise, `s7` a span, `l7` a local domain. */
export function printProgram({ forgotten, body }: Program): string {
  const installed = forgotten.flatMap(printStatement).map((line) => line.replace('using ', ''));
  return ['', ...installed, ...printLines(body)].join('\n');
}

function printLines({ statements, end }: Body): string[] {
  return [
    ...statements.flatMap(printStatement),
    `${end.throws ? 'throw' : 'return'} ${printValue(end.value)};`,
  ];
}

/** `before`, the body in braces, and `after`. */
function printBody(before: string, body: Body, after: string): string[] {
  return [`${before}{`, ...printLines(body).map((line) => `  ${line}`), `}${after}`];
}

function printStatement(statement: Statement): string[] {
  const name = 'id' in statement ? `p${statement.id}` : '';
  switch (statement.kind) {
    case 'create':
      return [`${name} = DomainPromise.${statement.how}(${printValue(statement.value)});`];
    case 'deferred':
      return [`${name} = DomainPromise.withResolvers();`];
    case 'settle':
      return [`p${statement.deferred}.${statement.how}(${printValue(statement.value)});`];
    case 'then': {
      const { promise, onFulfilled, onRejected } = statement;
      const start = `${name} = p${promise}.then(`;
      if (!onRejected) return onFulfilled ? printBody(`${start}() => `, onFulfilled, ');') : [`${start});`];
      if (!onFulfilled) return printBody(`${start}undefined, () => `, onRejected, ');');
      const [last, ...lines] = printBody(`${start}() => `, onFulfilled, '').reverse();
      return [...lines.reverse(), ...printBody(`${last}, () => `, onRejected, ');')];
    }
    case 'catch':
    case 'finally':
      return printBody(`${name} = p${statement.promise}.${statement.kind}(() => `, statement.callback, ');');
    case 'combine':
      return [`${name} = DomainPromise.${statement.how}([${statement.values.map(printValue).join(', ')}]);`];
    case 'block':
      return printBlock(statement.id, statement.block, statement.body);
    case 'local':
      return [
        statement.domain === 'handoff'
          ? `using l${statement.id} = localOtelPromiseDomain();`
          : `using l${statement.id} = localPromiseDomain(${printDomains(statement.domain)});`,
      ];
    case 'dispose':
      return [`l${statement.local}.dispose();`];
    case 'end span':
      return [`s${statement.span}.end();`];
    case 'child span':
      return [`tracer.startSpan('s${statement.id}').end();`];
  }
}

function printBlock(id: number, block: Block, body: Body): string[] {
  const print = (call: string) => printBody(`p${id} = from(${call}() => `, body, '));');
  switch (block.in) {
    case 'span':
      return print(`withOtelSpan('s${id}', { recordErrors: ${block.recordErrors} }, `);
    case 'handoff':
      return print('withOtelPromiseDomain(');
    case 'no domain':
      return print('withoutPromiseDomain(');
    case 'domain':
      return print(`withPromiseDomain(${printDomains(block)}, `);
    case 'try':
      return print('resultOrError(');
    case 'baggage':
      return print(`withBaggage('b${id}', `);
    case 'root context':
      return print('context.with(ROOT_CONTEXT, ');
    case 'suppressed tracing':
      return print('withSuppressedTracing(');
  }
}

function printDomains({ domains, replace }: DomainUse): string {
  const printed = domains.length > 1 ? `compose(${domains.join(', ')})` : `${domains[0]}`;
  return replace ? `${printed}, { replace: true }` : printed;
}

function printValue(value: Value): string {
  switch (value.kind) {
    case 'plain':
      return `'v${value.id}'`;
    case 'error':
      return `new Error('e${value.id}')`;
    case 'native fulfilled':
      return `Promise.resolve('v${value.id}')`;
    case 'native rejected':
      return `Promise.reject(new Error('e${value.id}'))`;
    case 'thenable':
      return `thenable${value.id}(${value.behaves})`;
    case 'promise':
      return `p${value.ref}`;
  }
}
