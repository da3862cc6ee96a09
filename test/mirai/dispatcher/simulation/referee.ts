import type { Dispatcher } from '../../../../src/mirai/dispatcher/dispatcher.js';
import type { Books } from './books.js';
import type { Entry } from './entries.js';
import { judgeRest } from './rules-at-rest.js';
import type { SimulatedJob, SimulatedTicket } from './schedule.js';

/** More decisions than these are never needed for one event. */
const mostDecisions = 20_000;

/** Keeps the books while the dispatcher is told of events and decides. */
export class Referee {
  readonly #books: Books;
  readonly #dispatcher: Dispatcher<SimulatedJob>;
  /** Effects of what was told within decisions: the dispatcher takes it in at a time that cannot be seen from outside. */
  readonly #later: (() => void)[] = [];
  #isTelling = false;
  #decisions = 0;

  constructor(books: Books, dispatcher: Dispatcher<SimulatedJob>) {
    this.#books = books;
    this.#dispatcher = dispatcher;
  }

  get isTelling(): boolean {
    return this.#isTelling;
  }

  /** Tells the dispatcher of an event, with its effect on the books. */
  tell<R>(what: string, effect: () => void, call: () => R): R {
    const books = this.#books;
    books.log.push(`${books.now.toFixed(3)} ${what}`);
    if (this.#isTelling) {
      this.#later.push(effect);
      books.reached.add('told within a decision');
      return call();
    }
    this.#isTelling = true;
    this.#decisions = 0;
    effect();
    const said = call();
    for (const left of this.#later.splice(0)) left();
    this.#isTelling = false;
    judgeRest(books, this.#dispatcher);
    return said;
  }

  decided(what: string, ticket: SimulatedTicket): Entry;
  decided(what: string): undefined;
  decided(what: string, ticket?: SimulatedTicket): Entry | undefined {
    const books = this.#books;
    books.log.push(`  ${what}`);
    if (books.cleared) books.fail('something is decided after clear()');
    if (++this.#decisions > mostDecisions) books.fail('there is no end of decisions');
    return ticket && books.entry(ticket);
  }

  /** A decision may follow from what was told meanwhile: takes that in until there is nothing to say against it. */
  judge(rule: () => string | undefined): void {
    for (let broken = rule(); broken; broken = rule()) {
      const effect = this.#later.shift();
      if (!effect) this.#books.fail(broken);
      effect();
    }
  }
}
