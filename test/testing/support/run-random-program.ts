import { context, ROOT_CONTEXT, type Span, type Tracer, trace } from '@opentelemetry/api';
import {
  currentPromiseDomain,
  DomainPromise,
  localOtelPromiseDomain,
  localPromiseDomain,
  type PromiseDomain,
  withOtelPromiseDomain,
  withOtelSpan,
  withoutPromiseDomain,
  withPromiseDomain,
} from '../../../src/index.js';
import { dispose } from '../../support/dispose.js';
import { countTurns } from '../../support/jobs.js';
import { activeName } from '../../support/tracing.js';
import type { Body, Statement } from './random-programs.js';

/** What a program tells of while it runs. */
export interface Happening {
  /** As in a timeline; `other` for what a timeline does not tell. */
  readonly kind: 'then' | 'callback enter' | 'callback leave' | 'span start' | 'span end' | 'mark' | 'other';
  readonly label: string;
  readonly active: string | undefined;
  readonly domain: string | undefined;
  /** The turn of the job queue. */
  readonly turn: number;
}

type Callback = (this: unknown, ...args: unknown[]) => unknown;

export interface World {
  readonly tracer: Tracer;
  /** Called for every mark of the program. */
  mark(label: string): void;
  tell(kind: Happening['kind'], label: string): void;
}

const own: PromiseDomain = {
  name: 'own',
  wrapOnFulfilled: (callback) => (value) => callback(value),
  wrapOnRejected: (callback) => (reason) => callback(reason),
};

const enter = {
  otel: withOtelPromiseDomain,
  own: (fn: () => void) => withPromiseDomain(own, fn),
  none: withoutPromiseDomain,
};

/** Far more than any program needs. */
const turns = 150;

/** Runs a program, and gives what it did, in order, once no job is left. */
export async function runProgram(
  program: Body,
  start: (tell: World['tell']) => Pick<World, 'tracer' | 'mark'>,
): Promise<Happening[]> {
  const happenings: Happening[] = [];
  const counted = countTurns(turns);
  const tell: World['tell'] = (kind, label) =>
    happenings.push({
      kind,
      label,
      active: activeName(),
      domain: currentPromiseDomain()?.name,
      turn: counted.now(),
    });
  const world: World = { ...start(tell), tell };
  new Run(world).call('program', program);
  await counted.over;
  return happenings;
}

class Run {
  readonly #world: World;
  #last: Promise<unknown> = DomainPromise.resolve('first');
  #lastContext = ROOT_CONTEXT;

  constructor(world: World) {
    this.#world = world;
  }

  /** Calls the function that has this body; what it throws or is rejected with is told, and handled. */
  call(label: string, body: Body): void {
    try {
      this.#keep(label, this.#run(body));
    } catch (error) {
      this.#world.tell('other', `${label} has thrown ${error}`);
    }
  }

  /** A body that awaits is that of an async function. */
  #run(body: Body): unknown {
    return body.some(({ does }) => does === 'await') ? this.#runAsync(body) : this.#runSync(body);
  }

  #runSync(body: Body): string {
    const locals: Disposable[] = [];
    try {
      for (const statement of body) this.#step(statement, locals);
      return `result of ${body[0]?.label}`;
    } finally {
      for (const local of locals.reverse()) dispose(local);
    }
  }

  async #runAsync(body: Body): Promise<string> {
    const locals: Disposable[] = [];
    try {
      for (const statement of body) {
        if (statement.does === 'await') await this.#await(statement);
        else this.#step(statement, locals);
      }
      return `result of ${body[0]?.label}`;
    } finally {
      for (const local of locals.reverse()) dispose(local);
    }
  }

  async #await({ label, what }: Extract<Statement, { does: 'await' }>): Promise<void> {
    const awaited = {
      domain: () => DomainPromise.resolve(label),
      native: () => Promise.resolve(label),
      rejected: () => DomainPromise.reject(label),
      last: () => this.#last,
    };
    try {
      this.#world.tell('other', `${label} gives ${await awaited[what]()}`);
    } catch (error) {
      this.#world.tell('other', `${label} throws ${error}`);
    }
  }

  #step(statement: Statement, locals: Disposable[]): void {
    const { label } = statement;
    switch (statement.does) {
      case 'mark':
        this.#world.mark(label);
        break;
      case 'throw':
        throw new Error(label);
      case 'await':
        break; // only in async functions, which have done it
      case 'call':
        this.call(label, statement.body);
        break;
      case 'native job':
        queueMicrotask(() => this.call(label, statement.body));
        break;
      case 'root context':
        context.with(ROOT_CONTEXT, () => this.call(label, statement.body));
        break;
      case 'span':
        this.#span(statement);
        break;
      case 'domain':
        enter[statement.which](() => this.call(label, statement.body));
        break;
      case 'local domain':
        locals.push(statement.which === 'otel' ? localOtelPromiseDomain() : localPromiseDomain(own));
        this.call(label, statement.body);
        break;
      default:
        this.#then(statement);
    }
  }

  #span({ label, how, body }: Extract<Statement, { does: 'span' }>): void {
    const { tracer, tell } = this.#world;
    const call = (span: Span) => {
      tell('other', `${label} has a span: ${span.isRecording()}`);
      return this.#run(body);
    };
    if (how === 'withOtelSpan') {
      this.#keep(label, withOtelSpan(label, { tracer }, call));
      return;
    }
    const parent = how === 'child of the last' ? this.#lastContext : context.active();
    tracer.startActiveSpan(label, { root: how === 'root' }, parent, (span) => {
      this.#lastContext = trace.setSpan(context.active(), span);
      try {
        this.#keep(label, call(span));
      } finally {
        if (how !== 'left open') span.end();
        if (how === 'ended twice') {
          tell('span end', label); // processors are told of the first time only
          span.end();
        }
      }
    });
  }

  #then(statement: Extract<Statement, { on: unknown }>): void {
    const { label, does, on, body } = statement;
    const promise =
      on === 'last' ? this.#last : on === 'fulfilled' ? DomainPromise.resolve(on) : DomainPromise.reject(on);
    const callback = this.#callback(label, promise, () => this.#run(body));
    const derived = {
      then: () => promise.then(callback),
      catch: () => promise.catch(callback),
      finally: () => promise.finally(callback),
      'then and catch': () =>
        promise.then(
          callback,
          this.#callback(label, promise, () => this.#run(body)),
        ),
    };
    if (promise instanceof DomainPromise) this.#world.tell('then', label);
    this.#keep(label, derived[does]());
  }

  /** A function of this name that tells how it is called, and that it starts and ends. */
  #callback(label: string, of: Promise<unknown>, fn: () => unknown): Callback {
    const { tell } = this.#world;
    const isRecorded = of instanceof DomainPromise;
    const callback = function (this: unknown, ...args: unknown[]) {
      tell(isRecorded ? 'callback enter' : 'other', label);
      tell('other', `${label} is called on ${this} with ${args.length}: ${args}`);
      try {
        return fn();
      } finally {
        tell(isRecorded ? 'callback leave' : 'other', label);
      }
    };
    return Object.defineProperty(callback, 'name', { value: label });
  }

  /** Makes it the last one, and tells what it settles with, which handles it. */
  #keep(label: string, result: unknown): void {
    if (!(result instanceof Promise)) {
      this.#world.tell('other', `${label} returns ${result}`);
      return;
    }
    this.#last = result;
    if (result instanceof DomainPromise) this.#world.tell('then', `end of ${label}`);
    const settled = () => this.#callback(`end of ${label}`, result, () => undefined);
    void result.then(settled(), settled());
  }
}
