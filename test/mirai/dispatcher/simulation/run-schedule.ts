import type { Books } from './books.js';
import type { Schedule, Step, World } from './schedule.js';
import { SimulatedHost } from './simulated-host.js';

const mostReactions = 12;

/** More messages and ends of jobs than these never come of what is left. */
const mostActs = 200_000;

/** Runs a schedule, and throws a `Violation` where a rule is broken. */
export function runSchedule({ world, steps, end }: Schedule): Books {
  const host = new SimulatedHost(world, reacting(world));
  const { books, clock } = host;
  for (let daemon = 0; daemon < world.daemons; daemon++) host.join();
  for (const step of steps) take(step, host);
  if (end === 'drain') {
    drain(host);
    dismiss(host);
    return books;
  }
  host.clear();
  for (const { ticket } of books.all) {
    if (ticket && host.dispatcher.cancel(ticket, clock.now)) books.fail('something is left after clear()');
  }
  clock.finish(mostActs);
  isNothingLeft(host);
  return books;
}

function reacting({ reactions }: World): (host: SimulatedHost) => void {
  let count = 0;
  return (host) => {
    if (count >= mostReactions) return;
    const step = reactions[count++ % reactions.length];
    if (step) take(step, host);
  };
}

function take(step: Step, host: SimulatedHost): void {
  const { books, clock, daemons } = host;
  switch (step.step) {
    case 'submit':
      for (let time = 0; time < step.times; time++) host.submit(host.job(step.job));
      break;
    case 'try':
      host.trySubmit(host.job(step.job));
      break;
    case 'wait':
      clock.goOn(step.ms);
      break;
    case 'cancel': {
      const entry = newest(books.all, step.job);
      if (entry) host.cancel(entry);
      break;
    }
    case 'time out': {
      const entry = newest(books.all, step.job);
      clock.at(clock.now + step.after, () => {
        if (entry && !entry.fate && !books.cleared) host.cancel(entry);
      });
      break;
    }
    case 'crash':
      newest(daemons, step.daemon)?.crash();
      break;
    case 'retire': {
      const daemon = newest(daemons, step.daemon);
      if (daemon) host.retire(daemon.id);
      break;
    }
    case 'join':
      host.join();
      break;
    case 'everywhere':
      host.everywhere(step.min, step.job);
      break;
  }
}

function newest<T>(list: readonly T[], back: number): T | undefined {
  return list.length === 0 ? undefined : list[list.length - 1 - (back % list.length)];
}

/** Lets everything come to its end, with another daemon wherever there is no other way. */
function drain(host: SimulatedHost): void {
  const { books, clock } = host;
  for (;;) {
    if (!clock.finish(mostActs)) books.fail('it goes on for ever');
    const barrier = books.barriers.find(({ passed }) => !passed);
    if (books.live.size === 0 && !barrier) return;
    const isOpen = [...books.hands.values()].some((hand) => books.isOpen(hand));
    const wantsMore = barrier && barrier.ran < barrier.min;
    if (isOpen && !wantsMore) books.fail(`${books.live.size} jobs are stuck`);
    if (host.daemons.length > 500) books.fail('new daemons do not help');
    host.join();
  }
}

/** Sends all daemons home. */
function dismiss(host: SimulatedHost): void {
  const { books, clock } = host;
  isNothingLeft(host);
  while (books.hands.size > 0) {
    for (const { daemon } of [...books.hands.values()]) host.retire(daemon);
    if (!clock.finish(mostActs)) books.fail('it goes on for ever');
    if ([...books.hands.values()].some(({ retired }) => retired)) books.fail('daemons do not leave');
  }
}

function isNothingLeft({ books, dispatcher }: SimulatedHost): void {
  const { counts, memory, hasWaiting } = dispatcher;
  if (counts.awaiting + counts.executing > 0) books.fail(`counts are ${JSON.stringify(counts)} in the end`);
  if (memory.used !== 0) books.fail(`memory used is ${memory.used} in the end`);
  if (hasWaiting) books.fail('something waits in the end');
}
