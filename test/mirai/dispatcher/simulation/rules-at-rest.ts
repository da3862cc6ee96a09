import type { Dispatcher } from '../../../../src/mirai/dispatcher/dispatcher.js';
import type { Books } from './books.js';
import type { SimulatedJob } from './schedule.js';

type Subject = Dispatcher<SimulatedJob>;

/** What has to be so whenever the dispatcher has said what it decides. */
export function judgeRest(books: Books, dispatcher: Subject): void {
  judgeCounts(books, dispatcher);
  judgeHands(books, dispatcher);
  judgeMemory(books, dispatcher);
  judgeLine(books, dispatcher);
  judgeIdle(books, dispatcher);
  judgeBarriers(books, dispatcher);
}

function judgeCounts(books: Books, { counts, live }: Subject): void {
  if (live !== books.live.size) books.fail(`${live} are live, not ${books.live.size}`);
  let executing = 0;
  for (const { entries } of books.hands.values()) if (entries[0] && !entries[0].fate) executing++;
  const expected = { awaiting: books.live.size - executing, executing, completed: books.over };
  const said = JSON.stringify(counts);
  if (said !== JSON.stringify(expected)) books.fail(`counts are ${said}, not ${JSON.stringify(expected)}`);
  if (counts.awaiting + counts.executing + counts.completed !== books.all.length) {
    books.fail('counts do not add up');
  }
}

function judgeHands(books: Books, dispatcher: Subject): void {
  const hands = dispatcher.hands();
  if (hands.size !== books.hands.size) books.fail(`there are ${hands.size} hands, not ${books.hands.size}`);
  for (const expected of books.hands.values()) {
    const { daemon } = expected;
    const hand = hands.get(daemon) ?? books.fail(`daemon ${daemon} is forgotten`);
    const names = hand.tickets.map(({ job }) => job.name).join();
    if (names !== expected.entries.map(({ job }) => job.name).join()) books.fail(`${daemon} has ${names}`);
    if (hand.completed !== expected.completed) books.fail(`${daemon} has completed ${hand.completed}`);
    if (!books.isOpen(expected) && expected.entries.length === 0 && !expected.left) {
      books.fail(`daemon ${daemon} has nothing to do and is not told to leave`);
    }
    for (const entry of expected.entries) {
      if (entry.fate && !entry.asked && !entry.aborted) books.fail(`${entry.job.name} is not taken back`);
    }
  }
}

function judgeMemory(books: Books, dispatcher: Subject): void {
  const { used, peak, capacity } = dispatcher.memory;
  if (capacity !== books.options.memory) books.fail(`capacity is ${capacity}`);
  let sum = 0;
  let jobs = 0;
  for (const { part, hand, ticket, job } of books.live) {
    if (part || ticket?.place === 'line' || hand?.entries[0]?.job === job) continue;
    sum += job.bytes;
    if (job.bytes > 0) jobs++;
  }
  if (used !== sum) books.fail(`memory used is ${used}, not ${sum}`);
  if (peak < used) books.fail(`peak is ${peak}, used ${used}`);
  if (peak > books.mostMemory) books.fail(`peak is ${peak}, more than ever`);
  if (used <= capacity) books.putBack = false;
  else if (jobs > 1 && !books.putBack) books.fail(`memory used is ${used} of ${capacity}`);
}

function judgeLine(books: Books, { memory }: Subject): void {
  let first: SimulatedJob | undefined;
  for (const { ticket, job, part } of books.live) {
    if (part) continue;
    if (ticket?.place === 'line') first ??= job;
    else if (first) books.fail(`${job.name} was let in before ${first.name}`);
  }
  if (first && fits(memory, first.bytes)) books.fail(`${first.name} waits for memory that is there`);
}

export function fits({ used, capacity }: Subject['memory'], bytes: number): boolean {
  return used === 0 || used + bytes <= capacity;
}

function judgeIdle(books: Books, dispatcher: Subject): void {
  const barrier = books.barriers.find(({ passed }) => !passed);
  const line = (order: number) => !books.options.direct && barrier && barrier.order < order;
  let waits = false;
  for (const entry of books.waiting()) {
    if (entry.doomed) continue;
    if (entry.ticket?.place === 'line') continue;
    waits = true;
    if (line(entry.order)) continue;
    for (const hand of books.hands.values()) {
      if (books.isOpen(hand) && hand.entries.length === 0) {
        books.fail(`daemon ${hand.daemon} is idle while ${entry.job.name} waits`);
      }
    }
  }
  const barrierWaits = books.barriers.some(({ passed }) => !passed);
  if (waits && !dispatcher.hasWaiting) books.fail('it is said that nothing waits');
  if (!waits && !barrierWaits && dispatcher.hasWaiting) books.fail('it is said that something waits');
  if (books.options.direct) return;
  const [idle] = [...books.hands.values()].filter((hand) => books.isOpen(hand) && hand.entries.length === 0);
  if (!idle) return;
  let asked = false;
  let behind: string | undefined;
  for (const { entries } of books.hands.values()) {
    for (const [index, entry] of entries.entries()) {
      if (entry.asked) asked = true;
      else if (index > 0 && !entry.fate && !entry.refused) behind ??= entry.job.name;
    }
  }
  if (behind && !asked) books.fail(`${behind} stays behind another while daemon ${idle.daemon} is idle`);
}

function judgeBarriers(books: Books, { memory }: Subject): void {
  for (const { doomed, job } of books.live) if (doomed) books.fail(`${job.name} was lost and nobody is told`);
  for (const { parts } of books.barriers) {
    for (const { daemon, left } of books.hands.values()) {
      if (!left && !parts.has(daemon)) books.fail(`daemon ${daemon} has no part of a barrier`);
    }
  }
  const barrier = books.barriers.find(({ passed }) => !passed);
  const before = books.firstWaiting;
  if (!barrier || memory.used > memory.capacity || (before && before.order < barrier.order)) return;
  const isLive = [...barrier.parts.values()].some(({ fate }) => !fate);
  if (!isLive && barrier.ran >= barrier.min)
    books.fail(`barrier ${barrier.order} is over and nobody is told`);
}
