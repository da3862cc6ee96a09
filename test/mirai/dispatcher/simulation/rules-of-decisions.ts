import type { Books } from './books.js';
import type { BarrierEntry, Entry, HandEntry } from './entries.js';

/** What took longer than this, in ms, is long: nothing is sent behind it. */
const long = 1;

/** After this time, in ms, the first in a hand is seen to be long. */
const seenToBeLong = 10;

/** More than this many jobs are never in one hand. */
const mostInHand = 256;

type Verdict = string | undefined;

/** Whether the job may be sent to the daemon now. */
export function judgeSend(books: Books, hand: HandEntry, entry: Entry): Verdict {
  const { name } = entry.job;
  const what = `${name} is sent to daemon ${hand.daemon}`;
  if (entry.fate) return `${what} though it is ${entry.fate}`;
  if (entry.hand) return `${what} though daemon ${entry.hand.daemon} has it in hand`;
  if (entry.doomed) return `${what} though it was lost`;
  if (hand.left) return `${what} which has left`;
  return entry.part ? judgePart(books, hand, entry, what) : judgeJob(books, hand, entry, what);
}

function judgeJob(books: Books, hand: HandEntry, entry: Entry, what: string): Verdict {
  const { maxTasks, direct } = books.options;
  if (hand.retired) return `${what} which is retired`;
  if (hand.sent >= maxTasks) return `${what} which has had its ${maxTasks}`;
  const overtaken = books.firstWaiting;
  if (overtaken && overtaken.order < entry.order) return `${what} before ${overtaken.job.name}`;
  for (const barrier of books.barriers) {
    if (barrier.order > entry.order) break;
    const part = barrier.parts.get(hand.daemon);
    if (!direct && !barrier.passed) return `${what} before the barrier is passed`;
    if (part && !part.fate && !part.hand) return `${what} before its part`;
  }
  if (direct) return judgeTurn(books, hand, what);
  return hand.entries.length === 0 ? undefined : judgeAhead(books, hand, entry, what);
}

function judgeAhead(books: Books, hand: HandEntry, entry: Entry, what: string): Verdict {
  const last = hand.entries.at(-1);
  if (entry.job.pinned) return `${what} ahead, and is pinned`;
  for (const { job } of [entry, ...(last ? [last] : [])]) {
    const ran = books.shortest.get(job.kind);
    if (ran === undefined) return `${what} ahead, with nothing known of ${job.name}`;
    if (ran > long) return `${what} ahead, with ${job.name} which is long`;
  }
  if (books.now - hand.since > seenToBeLong) return `${what} behind a long one`;
  if (hand.entries.length >= mostInHand) return `${what} which has too many`;
  for (const other of books.hands.values()) {
    if (books.isOpen(other) && other.entries.length === 0) return `${what} with ${other.daemon} idle`;
  }
  return;
}

function judgeTurn(books: Books, hand: HandEntry, what: string): Verdict {
  for (const other of books.hands.values()) {
    if (!books.isOpen(other) || hasUnsentParts(books, other)) continue;
    if (compareTurns(other, hand) < 0) return `${what} though it is the turn of ${other.daemon}`;
  }
  return;
}

function compareTurns(one: HandEntry, other: HandEntry): number {
  return one.entries.length - other.entries.length || one.sent - other.sent;
}

/** Those that were cancelled count until the daemon would have come to them. */
function hasUnsentParts(books: Books, { daemon, entries }: HandEntry): boolean {
  return entries.length > 0 && books.barriers.some(({ parts }) => parts.get(daemon)?.sends === 0);
}

function owesParts(books: Books, { daemon }: HandEntry): boolean {
  return books.barriers.some(({ parts }) => {
    const part = parts.get(daemon);
    return part && !part.fate && !part.hand;
  });
}

function judgePart(books: Books, hand: HandEntry, entry: Entry, what: string): Verdict {
  const { part } = entry;
  if (part?.daemon !== hand.daemon) return `${what}, and is the part of another`;
  if (entry.sends > 0) return `${what} again`;
  for (const barrier of books.barriers) {
    if (barrier === part.barrier) break;
    const before = barrier.parts.get(hand.daemon);
    if (before && !before.fate && !before.hand) return `${what} before ${before.job.name}`;
  }
  const waits = books.firstWaiting;
  if (!waits || waits.order > part.barrier.order || part.barrier.late.has(part.daemon)) return;
  // Parts that were dealt out stay where they are when a job before them comes back.
  const isDealtOut = books.options.direct && waits.sends > 0;
  if (books.isOpen(hand) && !isDealtOut) return `${what} before ${waits.job.name}`;
  return;
}

/** Whether these may be asked back. */
export function judgeRecall(books: Books, hand: HandEntry, entries: readonly Entry[]): Verdict {
  if (entries.length === 0) return `daemon ${hand.daemon} is asked for nothing`;
  for (const entry of entries) {
    const what = `${entry.job.name} is asked back from ${hand.daemon}`;
    if (entry.hand !== hand) return `${what} which has not got it`;
    if (entry.asked) return `${what} again`;
    if (entry.fate) continue;
    if (entry.job.pinned) return `${what} though it is pinned`;
    if (entry.part) return `${what} though it is its part`;
    if (hand.entries[0] === entry) return `${what} though it runs`;
    if (books.options.direct) return `${what} though it does not change daemons`;
  }
  return;
}

export function judgeAbort(hand: HandEntry, entry: Entry): Verdict {
  const what = `${entry.job.name} is aborted`;
  if (entry.fate !== 'cancelled') return `${what} though it is not cancelled`;
  if (entry.hand !== hand) return `${what} on ${hand.daemon} which has not got it`;
  if (!entry.refused) return `${what} though nobody said that it had started`;
  if (entry.aborted) return `${what} twice`;
  return;
}

export function judgeLeave(books: Books, hand: HandEntry): Verdict {
  const what = `daemon ${hand.daemon} is told to leave`;
  if (hand.left) return `${what} twice`;
  if (hand.entries.length > 0) return `${what} with jobs in hand`;
  if (books.isOpen(hand)) return `${what} though it is open`;
  if (owesParts(books, hand)) return `${what} before it ran its part`;
  return;
}

/** Whether the barrier may be said to be behind all. */
export function judgePassed(books: Books, barrier: BarrierEntry): Verdict {
  const what = `barrier ${barrier.order} is passed`;
  if (barrier.passed) return `${what} twice`;
  if (!books.hasEnded(barrier)) return `${what} before its parts have ended`;
  let ran = 0;
  for (const { fate } of barrier.parts.values()) if (fate === 'finished' || fate === 'cancelled') ran++;
  if (ran < barrier.min) return `${what} after ${ran} daemons, not ${barrier.min}`;
  if (books.options.direct) return;
  const waits = books.firstWaiting;
  return waits && waits.order < barrier.order ? `${what} before ${waits.job.name}` : undefined;
}
