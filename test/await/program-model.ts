import type { PromiseDomain } from '../../src/index.js';

/** Something made active until it is disposed. */
export interface Attached<T> {
  readonly value: T;
  disposed: boolean;
}

/** What one thing is: the last of what was attached in the running call, or what the call was made in. */
interface Active<T> {
  readonly base: T | undefined;
  readonly attached: readonly Attached<T | undefined>[];
  /** Whether something puts it back at the end of the job. What is attached elsewhere reaches the jobs queued before it. */
  readonly bounded: boolean;
}

/** A domain, and what it is composed of. */
export interface DomainParts {
  readonly domain: PromiseDomain;
  readonly handsOff: boolean;
  /** The custom ones in it, by their numbers. */
  readonly custom: readonly (0 | 1)[];
}

/** All that is active at one moment. */
interface Moment {
  readonly context: Active<string>;
  readonly domain: Active<DomainParts>;
  /** The variables that the custom domains keep across an await. */
  readonly variables: readonly [string | undefined, string | undefined];
}

const idle: Active<never> = { base: undefined, attached: [], bounded: false };
const nothing: Moment = { context: idle, domain: idle, variables: [undefined, undefined] };

function current<T>({ base, attached }: Active<T>): T | undefined {
  const last = attached.filter(({ disposed }) => !disposed).at(-1);
  return last ? last.value : base;
}

const isNothing = ({ context, domain }: Moment) =>
  current(context) === undefined && context.attached.length === 0 && current(domain) === undefined;

const only = <T>(base: T | undefined, bounded = true): Active<T> => ({ base, attached: [], bounded });

/**
 * What is to be active, by the rules of the documentation alone. Every job says what it starts with, so nothing here
 * knows of the order of jobs.
 */
export class Model {
  #now: Moment = nothing;

  get context(): string | undefined {
    return current(this.#now.context);
  }
  get domain(): DomainParts | undefined {
    return current(this.#now.domain);
  }
  get variables(): Moment['variables'] {
    return this.#now.variables;
  }

  /** Whether what is attached now can reach no job that is queued already. */
  isBounded(what: 'context' | 'domain'): boolean {
    return this.#now[what].bounded;
  }

  /** Runs `fn` in `context`, and puts back what was active before. An attachment of another kind stays. */
  withContext<R>(name: string | undefined, fn: () => R): R {
    const { context } = this.#now;
    this.#now = { ...this.#now, context: only(name) };
    try {
      return fn();
    } finally {
      this.#now = { ...this.#now, context };
    }
  }

  withDomain<R>(parts: DomainParts | undefined, fn: () => R): R {
    const { domain } = this.#now;
    this.#now = { ...this.#now, domain: only(parts) };
    try {
      return fn();
    } finally {
      this.#now = { ...this.#now, domain };
    }
  }

  withVariable<R>(which: 0 | 1, value: string, fn: () => R): R {
    const before = this.#now.variables;
    this.#now = { ...this.#now, variables: which ? [before[0], value] : [value, before[1]] };
    try {
      return fn();
    } finally {
      this.#now = { ...this.#now, variables: before };
    }
  }

  attachContext(name: string | undefined): Attached<string | undefined> {
    const attached = { value: name, disposed: false };
    const { context } = this.#now;
    this.#now = { ...this.#now, context: { ...context, attached: [...context.attached, attached] } };
    return attached;
  }

  attachDomain(parts: DomainParts): Attached<DomainParts> {
    const attached = { value: parts, disposed: false };
    const { domain } = this.#now;
    this.#now = { ...this.#now, domain: { ...domain, attached: [...domain.attached, attached] } };
    return attached;
  }

  /** A job starts with nothing; the returned function says what the continuation of an `await` starts with. */
  await(isDomainPromise: boolean): () => void {
    const { context, domain, variables } = this.#now;
    const parts = current(domain);
    if (!isDomainPromise || isNothing(this.#now)) return () => this.start();
    const kept = {
      context: { ...context, bounded: true },
      domain: { ...domain, bounded: true },
      variables: [0, 1].map((n) =>
        parts?.custom.some((custom) => custom === n) ? variables[n] : undefined,
      ) as [string | undefined, string | undefined], // cast: one for each of the two
    };
    return () => {
      this.#now = kept;
    };
  }

  /**
   * An async function is called; the returned function says that it is suspended for the first time. Its caller goes on
   * without what it has attached.
   */
  call(): () => void {
    const { context, domain } = this.#now;
    return () => {
      this.#now = {
        ...this.#now,
        context: { ...this.#now.context, attached: context.attached },
        domain: { ...this.#now.domain, attached: domain.attached },
      };
    };
  }

  /** The same for the callbacks of a `then()`: those of a domain promise start with the domain, and what that hands off. */
  then(isDomainPromise: boolean): () => void {
    const { domain, context } = this;
    if (!isDomainPromise || domain === undefined) return () => this.start();
    const handed = domain.handsOff ? context : undefined;
    return () => {
      this.#now = { ...nothing, domain: only(domain), context: only(handed, handed !== undefined) };
    };
  }

  start(): void {
    this.#now = nothing;
  }
}
