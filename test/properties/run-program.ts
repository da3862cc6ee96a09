import type { PromiseDomain } from '../../src/index.js';
import type { Block, Body, DomainName, Program, Ref, Statement, ThenableKind, Value } from './program.js';
import { describeValue, type Resolvers, type World, type WorldPromise } from './world.js';

/** Starts a program in a world. What is left of it runs in later jobs; all that happens goes into the world's log. */
export function startProgram<P extends WorldPromise<P>>(program: Program, world: World<P>): void {
  const { promises, log, look } = world;
  const domains = customDomains(world);
  const made = {
    promises: new Map<Ref, P>([[0, promises.resolve('p0')]]),
    deferreds: new Map<Ref, Resolvers<P>>(),
    locals: new Map<Ref, () => void>(),
    spans: new Map<Ref, () => void>(),
  };

  function see(label: string): void {
    log(`${label} | ${look()}`);
  }

  function evaluate(value: Value, sayStart = see): unknown {
    switch (value.kind) {
      case 'plain':
        return `v${value.id}`;
      case 'error':
        return new Error(`e${value.id}`);
      case 'native fulfilled':
        return world.nativePromise(false, `v${value.id}`);
      case 'native rejected':
        return world.nativePromise(true, new Error(`e${value.id}`));
      case 'thenable':
        return thenable(value.id, value.behaves, sayStart);
      case 'promise':
        return get(made.promises, value.ref);
    }
  }

  function thenable(id: number, behaves: ThenableKind, sayStart: (label: string) => void): unknown {
    const then = (resolve: (value: unknown) => void, reject: (reason: unknown) => void) => {
      sayStart(`thenable ${id} starts`);
      if (behaves === 'fulfills later') world.queueJob(() => resolve(`v${id}`));
      else if (behaves === 'rejects') reject(new Error(`e${id}`));
      else if (behaves !== 'never settles' && behaves !== 'throws') resolve(`v${id}`);
      if (behaves === 'fulfills twice') resolve(`v${id} again`);
      if (behaves === 'throws' || behaves === 'throws after fulfilling') throw new Error(`e${id}`);
    };
    return { then };
  }

  function runBody(label: string, body: Body): unknown {
    see(label);
    const ownLocals: (() => void)[] = [];
    try {
      for (const statement of body.statements) runStatement(statement, ownLocals);
      const value = evaluate(body.end.value);
      if (body.end.throws) throw value;
      return value;
    } finally {
      for (const dispose of ownLocals.reverse()) dispose();
    }
  }

  const callback = (label: string, body: Body) =>
    function (this: unknown, value: unknown) {
      return runBody(`${label}(${describeValue(value)})${this === undefined ? '' : ' of something'}`, body);
    };

  function runStatement(statement: Statement, ownLocals: (() => void)[]): void {
    switch (statement.kind) {
      case 'local': {
        const dispose = installLocal(statement);
        ownLocals.push(dispose);
        see(`l${statement.id}`);
        break;
      }
      case 'dispose':
        get(made.locals, statement.local)();
        see(`l${statement.local} disposed`);
        break;
      case 'end span':
        get(made.spans, statement.span)();
        break;
      case 'child span':
        world.childSpan(`s${statement.id}`);
        break;
      case 'settle':
        // What is active when the engine calls a thenable that someone else resolves with differs between engines.
        get(made.deferreds, statement.deferred)[statement.how](evaluate(statement.value, log));
        break;
      default:
        made.promises.set(statement.id, makePromise(statement));
    }
  }

  function installLocal({ id, domain }: Statement & { kind: 'local' }): () => void {
    const dispose =
      domain === 'handoff'
        ? world.localOtelPromiseDomain()
        : world.localPromiseDomain(named(domain.domains), domain.replace);
    made.locals.set(id, dispose);
    return dispose;
  }

  function makePromise(
    statement: Statement & {
      kind: 'create' | 'deferred' | 'then' | 'catch' | 'finally' | 'combine' | 'block';
    },
  ): P {
    const { id } = statement;
    switch (statement.kind) {
      case 'create':
        return promises[statement.how](evaluate(statement.value));
      case 'deferred': {
        const resolvers = promises.withResolvers();
        made.deferreds.set(id, resolvers);
        return resolvers.promise;
      }
      case 'then': {
        const { onFulfilled, onRejected } = statement;
        return get(made.promises, statement.promise).then(
          onFulfilled && callback(`p${id} onFulfilled`, onFulfilled),
          onRejected && callback(`p${id} onRejected`, onRejected),
        );
      }
      case 'catch':
        return get(made.promises, statement.promise).catch(callback(`p${id} onRejected`, statement.callback));
      case 'finally':
        return get(made.promises, statement.promise).finally(() =>
          runBody(`p${id} onFinally`, statement.callback),
        );
      case 'combine':
        return promises[statement.how](statement.values.map((value) => evaluate(value)));
      case 'block': {
        const result = runBlock(id, statement.block, statement.body);
        see(`block ${id} gives ${world.isPromise(result) ? 'a promise' : describeValue(result)}`);
        return promises.from(result);
      }
    }
  }

  function runBlock(id: number, block: Block, body: Body): unknown {
    const run = () => runBody(`block ${id}`, body);
    switch (block.in) {
      case 'span':
        return world.withOtelSpan(`s${id}`, { recordErrors: block.recordErrors }, (endSpan) => {
          made.spans.set(id, endSpan);
          return run();
        });
      case 'handoff':
        return world.withOtelPromiseDomain(run);
      case 'no domain':
        return world.withoutPromiseDomain(run);
      case 'domain':
        return world.withPromiseDomain(named(block.domains), run, block.replace);
      case 'try':
        try {
          return run();
        } catch (error) {
          see(`block ${id} throws ${describeValue(error)}`);
          return error;
        }
      default:
        return world.withContext(block.in, `b${id}`, run);
    }
  }

  const named = (names: readonly DomainName[]) => names.map((name) => domains[name]);

  for (const statement of program.forgotten) installLocal(statement);
  try {
    runBody('program', program.body);
  } catch (error) {
    see(`program throws ${describeValue(error)}`);
  }
}

/** Domains that log what they are asked to do; between them they have and lack every hook. */
function customDomains<P extends WorldPromise<P>>(world: World<P>): Record<DomainName, PromiseDomain> {
  const { log, look } = world;
  const wrap =
    (label: string) =>
    <F extends (value: never) => unknown>(callback: F): F => {
      log(`${label} wraps`);
      const wrapped = (value: never) => {
        log(`${label} enters | ${look()}`);
        try {
          return callback(value);
        } finally {
          log(`${label} leaves | ${look()}`);
        }
      };
      return wrapped as F; // cast: it takes and gives the same
    };
  const wrapSync =
    (label: string) =>
    <R>(fn: () => R): R => {
      log(`${label} runs a body`);
      return fn();
    };
  return {
    d1: {
      wrapOnFulfilled: wrap('d1 onFulfilled'),
      wrapOnRejected: wrap('d1 onRejected'),
      wrapSync: wrapSync('d1'),
      onError: (error) => log(`d1 is told of ${describeValue(error)}`),
    },
    d2: {
      wrapOnFulfilled: wrap('d2 onFulfilled'),
      wrapOnFinally: wrap('d2 onFinally'),
      onError(error) {
        throw new Error(`d2 was told of ${describeValue(error)}`);
      },
    },
    d3: { wrapOnRejected: wrap('d3 onRejected'), wrapSync: wrapSync('d3') },
  };
}

function get<T>(made: Map<Ref, T>, ref: Ref): T {
  const thing = made.get(ref);
  if (thing === undefined) throw new Error(`statement ${ref} has not run`);
  return thing;
}
