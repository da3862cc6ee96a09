import type { Node } from 'oxc-parser';
import type { Place } from './walk.js';

/** What transformed code imports: the exports of the run-time entry. */
export type Helper =
  | 'awaited'
  | 'capture'
  | 'delegated'
  | 'iterated'
  | 'keptYield'
  | 'plainYield'
  | 'reenter'
  | 'resource'
  | 'startYield';

/** The variables of a scope that disposes. */
export interface Reentry {
  /** What is active where the scope begins. */
  readonly context: string;
  /** The same, once a resource has been declared: without one the language awaits nothing at the end. */
  readonly reached: string;
}

/** Gives names that a source does not use, and knows which helpers were asked for. */
export class Names {
  readonly #taken: Set<string>;
  readonly #helpers = new Map<Helper, string>();
  readonly #reentries = new Map<Node, Reentry>();

  constructor(places: readonly Place[]) {
    this.#taken = new Set(places.map(({ node }) => nameIn(node)));
  }

  /** The local name of a helper, which is to be imported from now on. */
  helper(name: Helper): string {
    const known = this.#helpers.get(name);
    if (known) return known;
    const local = this.unique(`__${name}`);
    this.#helpers.set(name, local);
    return local;
  }

  /** The names for `scope`, the block or loop behind which a context is entered again. */
  reentry(scope: Node): Reentry {
    const known = this.#reentries.get(scope);
    if (known) return known;
    const names = { context: this.unique('__context'), reached: this.unique('__reached') };
    this.#reentries.set(scope, names);
    return names;
  }

  /** A name that nothing else has, `base` itself if it is free. */
  unique(base: string): string {
    let name = base;
    for (let n = 1; this.#taken.has(name); n += 1) name = `${base}${n}`;
    this.#taken.add(name);
    return name;
  }

  /** The helpers that were asked for in alphabetical order, as pairs of exported and local name. */
  get imported(): readonly (readonly [Helper, string])[] {
    return [...this.#helpers].sort();
  }
}

function nameIn(node: Node): string {
  return node.type === 'Identifier' || node.type === 'JSXIdentifier' ? node.name : '';
}
