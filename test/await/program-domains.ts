import {
  currentPromiseDomain,
  hasOtelPromiseDomain,
  localOtelPromiseDomain,
  localPromiseDomain,
  type PromiseDomain,
  withOtelPromiseDomain,
  withoutPromiseDomain,
  withPromiseDomain,
} from '../../src/index.js';
import { dispose } from '../support/dispose.js';
import type { Attached, DomainParts, Model } from './program-model.js';

/** A custom domain with a variable that it keeps across awaits. */
interface Custom extends PromiseDomain {
  variable: string | undefined;
}

function makeCustom(name: string): Custom {
  const custom: Custom = {
    name,
    variable: undefined,
    captureForAwait() {
      const kept = custom.variable;
      if (kept === undefined) return undefined;
      return () => {
        const before = custom.variable;
        custom.variable = kept;
        return () => {
          custom.variable = before;
        };
      };
    },
  };
  return custom;
}

/** Installs domains in the library and in the model at once. */
export class Domains {
  readonly #custom = [makeCustom('first'), makeCustom('second')] as const;
  readonly #model: Model;
  readonly #complain: (what: string) => void;

  constructor(model: Model, complain: (what: string) => void) {
    this.#model = model;
    this.#complain = complain;
  }

  get variables(): (string | undefined)[] {
    return this.#custom.map(({ variable }) => variable);
  }

  withVariable<R>(which: 0 | 1, value: string, fn: () => R): R {
    const custom = this.#custom[which];
    const before = custom.variable;
    custom.variable = value;
    try {
      return this.#model.withVariable(which, value, fn);
    } finally {
      custom.variable = before;
    }
  }

  without<R>(fn: () => R): R {
    return withoutPromiseDomain(() => this.#model.withDomain(undefined, fn));
  }

  withHandoff<R>(fn: () => R): R {
    return withOtelPromiseDomain(() => {
      if (this.#model.domain?.handsOff) return fn();
      return this.#model.withDomain(this.#composed({ handsOff: true, custom: [] }), fn);
    });
  }

  withCustom<R>(which: 0 | 1, replace: boolean, fn: () => R): R {
    const domain = this.#custom[which];
    return withPromiseDomain(
      domain,
      () => this.#model.withDomain(this.#composed({ handsOff: false, custom: [which] }, domain, replace), fn),
      { replace },
    );
  }

  /** Makes one current until the returned function is called. */
  local(which: 0 | 1 | 'handoff'): () => void {
    const { domain: before } = this.#model;
    let local: Disposable;
    let attached: Attached<DomainParts>;
    if (which === 'handoff') {
      local = localOtelPromiseDomain();
      attached = this.#model.attachDomain(
        before?.handsOff ? before : this.#composed({ handsOff: true, custom: [] }),
      );
    } else {
      const domain = this.#custom[which];
      local = localPromiseDomain(domain);
      attached = this.#model.attachDomain(this.#composed({ handsOff: false, custom: [which] }, domain));
    }
    return () => {
      dispose(local);
      attached.disposed = true;
    };
  }

  /** What was just made current of what was current before, which the model still has, and `added`. */
  #composed(
    added: Omit<DomainParts, 'domain'>,
    domain?: PromiseDomain | undefined,
    replace = false,
  ): DomainParts {
    const base = replace ? undefined : this.#model.domain;
    const entered = currentPromiseDomain();
    const handsOff = (base?.handsOff ?? false) || added.handsOff;
    const isRight = base ? entered !== base.domain && entered !== domain : !domain || entered === domain;
    if (!entered || !isRight || hasOtelPromiseDomain(entered) !== handsOff)
      this.#complain('another domain was made current');
    return { domain: entered ?? {}, handsOff, custom: [...(base?.custom ?? []), ...added.custom] };
  }
}
