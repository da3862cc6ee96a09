import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { natsStatus } from '../nats/support/library.js';
import type { EngineName } from './engines.js';
import { daemons, status } from './library.js';
import { natsEngine, natsUrl } from './nats-engine.js';

/** What `anyPool()` has set, unless others were set since. */
let kept: string | undefined;

export type Options = NonNullable<Parameters<typeof daemons>[1]>;

/** Sets daemons until the running test is over. */
export function pool(engine: EngineName, n: number, options: Options = {}): ReturnType<typeof daemons> {
  if (options.compute === undefined) kept = undefined;
  onTestFinished(() => noDaemons(options.compute));
  return daemons(n, { engine: engineOf(engine), grace: 20, ...options });
}

/** The same, where daemons will do that an earlier test has left idle. The suite that calls `endKeptPool()` ends them. */
export async function anyPool(engine: EngineName, n: number): Promise<void> {
  const { connections, daemons: each } = status();
  const isFit = connections === n && each.every(({ state }) => state === 'idle');
  if (!isFit || kept !== `${engine} ${n}`) await daemons(n, { engine: engineOf(engine), grace: 20 });
  kept = `${engine} ${n}`;
}

/** Resolves when daemons have heard what this host said before: over a network, that takes a moment. */
export async function heard(engine: EngineName): Promise<void> {
  if (engine.startsWith('nats')) await natsStatus({ servers: natsUrl() });
}

export function endKeptPool(): void {
  afterAll(() => noDaemons());
}

/** Sets daemons for all tests of the suite that calls it. */
export function sharedPool(engine: EngineName, n: number, options: Options = {}): void {
  beforeAll(async () => {
    if (options.compute === undefined) kept = undefined;
    await daemons(n, { engine: engineOf(engine), grace: 20, ...options });
  });
  afterAll(() => noDaemons(options.compute));
}

/** Of the profile `default`. */
export function urlOf(engine: EngineName): string {
  const schemes = { threads: 'thread', processes: 'process', inline: 'inline' };
  return engine in schemes
    ? `${schemes[engine as keyof typeof schemes]}://${process.pid}/default`
    : `${natsUrl()}/default`; // cast: looked up
}

/** The option of `daemons()`. */
export function engineOf(engine: EngineName): NonNullable<Options['engine']> {
  if (engine === 'nats') return natsEngine({});
  return engine === 'nats at most once' ? natsEngine({ delivery: 'at-most-once' }) : engine;
}

async function noDaemons(compute?: string): Promise<void> {
  await daemons(0, compute === undefined ? {} : { compute });
}
