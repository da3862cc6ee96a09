import { onTestFinished } from 'vitest';
import { daemons, status } from '../../support/library.js';
import { eventually } from './eventually.js';
import { nats } from './library.js';

type NatsOptions = Parameters<typeof nats>[0];

type ProfileOptions = Omit<NonNullable<Parameters<typeof daemons>[1]>, 'engine'>;

/** Short, since tests wait for what happens after it. */
export const ackWait = 600;

/** Connects the profile to daemons that are started elsewhere, until the running test is over. */
export async function connectHost(nats_: NatsOptions, options: ProfileOptions = {}): Promise<void> {
  onTestFinished(async () => {
    await daemons(0, options.compute === undefined ? {} : { compute: options.compute });
  });
  await daemons({ engine: nats({ ackWait, ...nats_ }), ...options });
}

/** Resolves when the host sees so many daemon slots. */
export async function seen(count: number, compute?: string): Promise<void> {
  await eventually(() => status(compute).connections === count);
}
