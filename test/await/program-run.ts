import { context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';
import {
  currentPromiseDomain,
  type DomainContextManager,
  DomainPromise,
  hasOtelPromiseDomain,
} from '../../src/index.js';
import { Domains } from './program-domains.js';
import { Model } from './program-model.js';
import type { Body, Install, Program, Scope, Statement, Step } from './program-syntax.js';
import { ignoreRejection, type Made, make, pick, type Surroundings } from './program-values.js';

const key = createContextKey('context of a program');
const named = (name: string | undefined) => (name ? ROOT_CONTEXT.setValue(key, name) : ROOT_CONTEXT);

/** Runs a program on the library and on the model side by side. */
export class Running implements Surroundings {
  /** What was not active as the model says it is to be. */
  readonly complaints: string[] = [];
  /** Where it was looked at with a context, a domain, or a variable of a domain active. */
  readonly observed = new Set<string>();
  readonly deferred = [0, 1, 2].map(() => DomainPromise.withResolvers<unknown>());
  readonly #model = new Model();
  readonly #domains = new Domains(this.#model, (what) => this.complaints.push(what));
  readonly #neverUsed = DomainPromise.resolve();
  readonly #disposals: (() => void)[] = [];
  readonly #manager: DomainContextManager | undefined;
  #suspended = 0;

  /** @param manager the registered one, if it is one whose attachments end in any order */
  constructor(manager: DomainContextManager | undefined) {
    this.#manager = manager;
  }

  /** To be called in a job of its own, with no other queued. */
  start(program: Program): void {
    this.#observe('at the start');
    for (const { promise } of this.deferred) ignoreRejection(promise);
    for (const install of program.forgotten) this.#install(install, true);
    this.#observe('after what is forgotten');
    queueMicrotask(() => this.#job('in a microtask of the first job'));
    ignoreRejection(this.within(program.scopes, () => this.call(program.body)));
    queueMicrotask(() => this.#job('in the next microtask'));
  }

  /** Settles what the program left pending; to be called in a later job. */
  settle(): void {
    this.#job('in a later job');
    for (const { resolve } of this.deferred) resolve('settled at the end');
    queueMicrotask(() => this.#job('in a microtask of a later job'));
  }

  finish(): void {
    this.#job('at the end');
    for (const dispose of this.#disposals) dispose();
    this.#job('after all is disposed');
    if (this.#suspended > 0) this.complaints.push(`${this.#suspended} awaits never went on`);
  }

  async call(body: Body): Promise<unknown> {
    const suspend = this.#model.call();
    const steps = this.#body(body);
    // What a function leaves installed without an await of a domain promise stays with its caller: nobody is to write that.
    let installed: (() => void)[] | undefined = [];
    const tidy = () => {
      for (const dispose of installed ?? []) dispose();
    };
    try {
      let next = steps.next();
      while (!next.done) {
        if ('kind' in next.value) {
          const dispose = this.#install(next.value, false);
          if (dispose) installed?.push(dispose);
          next = steps.next();
          continue;
        }
        const { value, isDomainPromise } = next.value;
        if (!isDomainPromise) tidy();
        const goOn = this.#model.await(isDomainPromise);
        if (installed) suspend();
        installed = undefined;
        let settled: unknown;
        let failed = false;
        this.#suspended += 1;
        try {
          settled = await value;
        } catch (reason) {
          failed = true;
          settled = reason;
        }
        this.#suspended -= 1;
        goOn();
        this.#observe(failed ? 'after a failed await' : 'after an await');
        next = failed ? steps.throw(settled) : steps.next(settled);
      }
      return next.value;
    } finally {
      tidy();
    }
  }

  callback(isDomainPromise: boolean, body: Body): () => Promise<unknown> {
    const start = this.#model.then(isDomainPromise);
    return () => {
      start();
      this.#observe('in a callback');
      return this.call(body);
    };
  }

  within<R>(scopes: readonly Scope[], fn: () => R): R {
    const [scope, ...inner] = scopes;
    return scope ? this.#within(scope, () => this.within(inner, fn)) : fn();
  }

  #within<R>(scope: Scope, fn: () => R): R {
    const observed = () => {
      this.#observe('in a scope');
      return fn();
    };
    switch (scope.in) {
      case 'context':
        return context.with(named(scope.name), () => this.#model.withContext(scope.name, observed));
      case 'handoff':
        return this.#domains.withHandoff(observed);
      case 'no domain':
        return this.#domains.without(observed);
      case 'custom':
        return this.#domains.withCustom(scope.domain, scope.replace, observed);
      case 'variable':
        return this.#domains.withVariable(scope.domain, scope.value, observed);
    }
  }

  /** Each `yield` is something that the async function does itself: an `await`, or an installation. */
  *#body({ statements, end }: Body): Generator<Made | Install, unknown> {
    this.#observe('in a call');
    yield* this.#statements(statements);
    if (end.how === 'throw') throw new Error('thrown by the program');
    return make(end.value, this).value;
  }

  *#statements(statements: readonly Statement[]): Generator<Made | Install, void> {
    for (const statement of statements) {
      if (statement.kind === 'await') yield make(statement.value, this);
      else if (statement.kind === 'try') {
        try {
          yield* this.#statements(statement.body);
        } catch {
          this.#observe('in catch');
          yield* this.#statements(statement.caught);
        } finally {
          this.#observe('in finally');
          yield* this.#statements(statement.last);
        }
      } else if (statement.kind === 'attach' || statement.kind === 'local') yield statement;
      else this.#step(statement);
      this.#observe(`after ${statement.kind}`);
    }
  }

  #step(step: Step): unknown {
    switch (step.kind) {
      case 'start':
        return ignoreRejection(make(step.value, this).value);
      case 'microtask':
        return queueMicrotask(() => this.#job('in a microtask'));
      case 'look':
        return this.#neverUsed.constructor;
      case 'settle': {
        const { resolve, reject } = pick(this.deferred, step.ref);
        return step.rejects ? reject(new Error('rejected')) : resolve('settled');
      }
      case 'dispose':
        return this.#disposals.at(-1 - step.ref)?.();
      case 'scope':
        return this.#within(step.scope, () => {
          for (const inner of step.steps) {
            this.#step(inner);
            this.#observe(`after ${inner.kind}`);
          }
        });
    }
  }

  /**
   * Makes something current until the returned function is called.
   *
   * @param isFirst whether no job is queued before that it could reach
   */
  #install(install: Install, isFirst: boolean): (() => void) | undefined {
    let dispose: () => void;
    if (install.kind === 'local') {
      if (!isFirst && !this.#model.isBounded('domain')) return undefined;
      dispose = this.#domains.local(install.domain);
    } else {
      if (!this.#manager || !(isFirst || this.#model.isBounded('context'))) return undefined;
      const token = this.#manager.attach(named(install.name));
      const attached = this.#model.attachContext(install.name);
      dispose = () => {
        token.dispose();
        attached.disposed = true;
      };
    }
    this.#disposals.push(dispose);
    return dispose;
  }

  /** The start of a job in which nothing is active. */
  #job(where: string): void {
    this.#model.start();
    this.#observe(where);
  }

  #observe(where: string): void {
    const { context: name, domain, variables } = this.#model;
    if (name !== undefined) this.observed.add(`${where}, in a context`);
    if (domain !== undefined) this.observed.add(`${where}, in a domain`);
    if (variables.some(Boolean)) this.observed.add(`${where}, with a variable`);
    const expected = [name, domain?.domain, domain?.handsOff ?? false, ...variables];
    const seen = [
      context.active().getValue(key),
      currentPromiseDomain(),
      hasOtelPromiseDomain(),
      ...this.#domains.variables,
    ];
    const wrong = expected.findIndex((each, n) => each !== seen[n]);
    if (wrong < 0) return;
    const what = ['context', 'domain', 'handoff', 'first variable', 'second variable'][wrong];
    const show = (it: unknown) => (Object(it) === it ? 'an object' : String(it));
    this.complaints.push(`${where}: ${what} is ${show(seen[wrong])}, expected ${show(expected[wrong])}`);
  }
}
