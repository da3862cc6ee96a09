import type { Decisions } from '../../../../src/mirai/dispatcher/decisions.js';
import { Dispatcher } from '../../../../src/mirai/dispatcher/dispatcher.js';
import type { Barrier } from '../../../../src/mirai/dispatcher/job.js';
import { Books } from './books.js';
import { Clock } from './clock.js';
import type { BarrierEntry, Entry } from './entries.js';
import { Referee } from './referee.js';
import { fits, judgeRest } from './rules-at-rest.js';
import { judgeAbort, judgeLeave, judgePassed, judgeRecall, judgeSend } from './rules-of-decisions.js';
import type { JobSpec, SimulatedJob, SimulatedTicket, World } from './schedule.js';
import { type Listener, SimulatedDaemon } from './simulated-daemon.js';

/** Carries out what the dispatcher decides, tells it of events, and judges each of its decisions. */
export class SimulatedHost implements Listener, Decisions<SimulatedJob> {
  readonly clock = new Clock();
  readonly books: Books;
  readonly dispatcher: Dispatcher<SimulatedJob>;
  readonly daemons: SimulatedDaemon[] = [];
  readonly #world: World;
  readonly #referee: Referee;
  readonly #barriers = new Map<Barrier<SimulatedJob>['make'], BarrierEntry>();
  /** The parts of a barrier that have not ended. */
  readonly #parts = new Map<BarrierEntry, Barrier<SimulatedJob>['open']>();
  /** Called within each decision. */
  readonly #react: (host: SimulatedHost) => void;
  #jobs = 0;

  constructor(world: World, react: (host: SimulatedHost) => void) {
    this.#world = world;
    this.#react = react;
    this.books = new Books(world, this.clock);
    this.dispatcher = new Dispatcher<SimulatedJob>(this, world);
    this.#referee = new Referee(this.books, this.dispatcher);
  }

  job(spec: JobSpec): SimulatedJob {
    const name = `j${++this.#jobs}`;
    return { ...spec, name, kind: spec.kind ?? name };
  }

  submit(job: SimulatedJob): Entry {
    const entry = this.books.submitted(job);
    this.#referee.tell(
      `submit ${job.name}`,
      () => {},
      () => {
        entry.ticket = this.dispatcher.submit(job, this.clock.now);
      },
    );
    return entry;
  }

  /** Submits the job unless it had to wait for memory. */
  trySubmit(job: SimulatedJob): void {
    const isLined = [...this.books.live].some(({ ticket }) => ticket?.place === 'line');
    const expected = !isLined && fits(this.dispatcher.memory, job.bytes);
    const said = this.dispatcher.admits(job.bytes);
    if (said !== expected) this.books.fail(`admits(${job.bytes}) is ${said}`);
    if (!said) this.books.reached.add('refused for want of memory');
    else if (this.submit(job).ticket?.place === 'line') this.books.fail(`${job.name} waits for memory`);
  }

  everywhere(min: number, spec: JobSpec): void {
    const entry = this.books.barrier(min);
    let atTheCall = true;
    const make = (daemon: number) => {
      const job = { ...this.job(spec), name: `p${entry.order}.${daemon}` };
      this.books.partMade(entry, daemon, job, atTheCall);
      return job;
    };
    this.#barriers.set(make, entry);
    this.#referee.tell(
      `everywhere ${min}`,
      () => {},
      () => {
        const barrier = this.dispatcher.everywhere(make, min, this.clock.now);
        this.#parts.set(entry, barrier.open);
        atTheCall = false;
        entry.there = entry.parts.size;
      },
    );
  }

  join(): void {
    const daemon = new SimulatedDaemon(this.daemons.length + 1, this.#world, this.clock, this);
    this.daemons.push(daemon);
    const joined = () => this.books.joined(daemon.id);
    this.#referee.tell(`join ${daemon.id}`, joined, () => this.dispatcher.join(daemon.id, this.clock.now));
  }

  retire(daemon: number): void {
    const retired = () => this.books.retired(daemon);
    this.#referee.tell(`retire ${daemon}`, retired, () => this.dispatcher.retire(daemon, this.clock.now));
  }

  cancel(entry: Entry): void {
    const ticket = entry.ticket ?? this.#findPart(entry);
    if (!ticket) return;
    const isLive = ticket.place !== 'over';
    if (isLive === !!entry.fate && !this.#referee.isTelling)
      this.books.fail(`${entry.job.name} is ${ticket.place}`);
    this.books.cancelled(entry, ticket.place);
    const call = () => this.dispatcher.cancel(ticket, this.clock.now);
    const said = this.#referee.tell(`cancel ${entry.job.name}`, () => {}, call);
    if (said !== isLive) this.books.fail(`cancel(${entry.job.name}) says ${said}`);
  }

  clear(): void {
    this.books.log.push('clear');
    this.books.clear(this.dispatcher.clear());
    judgeRest(this.books, this.dispatcher);
  }

  // What daemons tell.

  started(_daemon: number, ticket: SimulatedTicket): void {
    const { books } = this;
    const entry = books.entry(ticket);
    entry.starts++;
    if (!entry.part) books.starts.push(entry);
    if (books.cleared) return;
    this.#referee.judge(() => {
      const { job, starts, losses, fate } = entry;
      if (starts > 1 + losses) return `${job.name} starts ${starts} times, lost ${losses} times`;
      const isSeen = this.#world.claims || this.#world.there.length === 0;
      return fate && isSeen ? `${job.name} starts though it is ${fate}` : undefined;
    });
  }

  finished(daemon: number, ticket: SimulatedTicket, ran: number): void {
    const entry = this.books.entry(ticket);
    this.#referee.tell(
      `${daemon} finished ${ticket.job.name}`,
      () => this.books.finished(daemon, entry, ran),
      () => this.dispatcher.finished(daemon, ticket, ran, this.clock.now),
    );
  }

  recalled(daemon: number, asked: readonly SimulatedTicket[], given: ReadonlySet<SimulatedTicket>): void {
    const entries = asked.map((ticket) => this.books.entry(ticket));
    this.#referee.tell(
      `${daemon} gives back ${names([...given])}`,
      () => this.books.recalled(daemon, entries, given),
      () => this.dispatcher.recalled(daemon, asked, given, this.clock.now),
    );
  }

  lost(daemon: number, started: ReadonlySet<SimulatedTicket>): void {
    const first = this.dispatcher.hands().get(daemon)?.tickets[0];
    const isFirst = (ticket: SimulatedTicket | undefined) => ticket === first;
    const hasStarted = (ticket: SimulatedTicket | undefined) => !!ticket && started.has(ticket);
    const wasRunning = this.#world.blames === 'first' ? isFirst : hasStarted;
    this.#referee.tell(
      `${daemon} lost`,
      () => this.books.lost(daemon, ({ ticket }) => wasRunning(ticket)),
      () => this.dispatcher.lost(daemon, wasRunning, this.clock.now),
    );
  }

  leftWork(daemon: number): void {
    if (!this.books.cleared) this.books.fail(`daemon ${daemon} has to leave work undone`);
  }

  // What the dispatcher decides.

  send(daemon: number, ticket: SimulatedTicket): void {
    const entry = this.#referee.decided(`send ${daemon} ${ticket.job.name}`, ticket);
    this.#referee.judge(() => this.#withHand(daemon, (hand) => judgeSend(this.books, hand, entry)));
    this.books.sent(this.books.hand(daemon), entry);
    this.#daemon(daemon).send(ticket);
    this.#react(this);
  }

  recall(daemon: number, tickets: readonly SimulatedTicket[]): void {
    const entries = tickets.map((ticket) =>
      this.#referee.decided(`recall ${daemon} ${ticket.job.name}`, ticket),
    );
    this.#referee.judge(() => this.#withHand(daemon, (hand) => judgeRecall(this.books, hand, entries)));
    for (const entry of entries) entry.asked = true;
    if (entries.length > 3) this.books.reached.add('asked for many');
    this.#daemon(daemon).recall(tickets);
    this.#react(this);
  }

  abort(daemon: number, ticket: SimulatedTicket): void {
    const entry = this.#referee.decided(`abort ${daemon} ${ticket.job.name}`, ticket);
    this.#referee.judge(() => this.#withHand(daemon, (hand) => judgeAbort(hand, entry)));
    entry.aborted = true;
    this.books.reached.add('aborted');
    this.#daemon(daemon).abort(ticket);
    this.#react(this);
  }

  lose(ticket: SimulatedTicket): void {
    const entry = this.#referee.decided(`lose ${ticket.job.name}`, ticket);
    this.#referee.judge(() => (entry.doomed ? undefined : `${ticket.job.name} is lost for no reason`));
    this.books.settle(entry, 'lost');
    this.books.reached.add(entry.part ? 'part lost' : 'lost');
    this.#react(this);
  }

  leave(daemon: number): void {
    this.#referee.decided(`leave ${daemon}`);
    this.#referee.judge(() => this.#withHand(daemon, (hand) => judgeLeave(this.books, hand)));
    const hand = this.books.hand(daemon);
    hand.left = true;
    this.books.reached.add(hand.retired ? 'left when it was retired' : 'left after its jobs');
    this.#daemon(daemon).leave();
    this.#react(this);
  }

  passed(barrier: Barrier<SimulatedJob>): void {
    const entry = this.#barriers.get(barrier.make) ?? this.books.fail('there was never such a barrier');
    this.#referee.decided(`passed ${entry.order}`);
    this.#referee.judge(() => judgePassed(this.books, entry));
    entry.passed = true;
    if (entry.parts.size > entry.there) this.books.reached.add('barrier passed after others had joined');
    this.#react(this);
  }

  #withHand<R>(daemon: number, judge: (hand: NonNullable<ReturnType<Books['hands']['get']>>) => R) {
    const hand = this.books.hands.get(daemon);
    return hand ? judge(hand) : `daemon ${daemon} is not there`;
  }

  #daemon(daemon: number): SimulatedDaemon {
    return this.daemons[daemon - 1] ?? this.books.fail(`there was never a daemon ${daemon}`);
  }

  #findPart({ part }: Entry): SimulatedTicket | undefined {
    return part && this.#parts.get(part.barrier)?.get(part.daemon);
  }
}

function names(tickets: readonly SimulatedTicket[]): string {
  return tickets.map(({ job }) => job.name).join() || 'nothing';
}
