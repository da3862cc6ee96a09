import { test } from 'vitest';

export type EngineName = 'threads' | 'processes' | 'inline' | 'nats' | 'nats at most once';

const byNetwork = 'what goes by a network is copied';
const slot = 'a slot is a thread of its daemon';

/** The same for both ways of delivery. */
const onNats = (reason: string) => ({ nats: reason, 'nats at most once': reason });

const ofHost = 'a task runs in the thread of the host and shares all of it';

/** What not every engine can have, and the reason why one does not have it. Everything else holds on all of them. */
const missing = {
  'shared memory': { processes: 'processes share no memory', ...onNats(byNetwork) },
  'moved buffers': { processes: 'what goes to a process is copied', ...onNats(byNetwork) },
  'message ports': { processes: 'a port cannot leave its process', ...onNats(byNetwork) },
  'globals of its own': { inline: ofHost },
  'a working directory of its own': {
    threads: 'that of a thread is that of its process',
    inline: ofHost,
    ...onNats(slot),
  },
  'an environment of its own': { inline: ofHost },
  'an output of its own': { inline: ofHost },
  'a stop to synchronous code': { inline: ofHost },
  'modules of its own': { inline: ofHost },
  'a place outside of the host': { inline: ofHost },
  'a thread of its own': {
    processes: 'a daemon is the main thread of its process',
    inline: ofHost,
    ...onNats('a daemon is a process'),
  },
  'a dispatcher': onNats('the server deals out tasks'),
  'a process of its own': { threads: 'a daemon is a thread of the host', inline: ofHost, ...onNats(slot) },
} satisfies Record<string, Partial<Record<EngineName, string>>>;

export type Feature = keyof typeof missing;

/** A test of what needs `feature`; where the engine lacks it, the title of the skipped test says why. */
export function testWith(
  engine: EngineName,
  feature: Feature,
  title: string,
  run: () => Promise<void>,
): void {
  const reasons: Partial<Record<EngineName, string>> = missing[feature];
  const reason = reasons[engine];
  if (reason === undefined) test(title, run);
  else test.skip(`${title} (needs ${feature}: ${reason})`);
}
