import { hostname } from 'node:os';
import type { LocalProfile } from '../../../host/local-profile.js';
import type { NatsDaemonOptions } from '../options.js';
import type { Presence } from '../wire/from-daemon.js';
import type { Setting } from './setting.js';

/** How a daemon is now. */
export function presenceOf(
  { id, launch }: Setting,
  { engine = 'threads' }: NatsDaemonOptions,
  startedAt: string,
  state: Presence['state'],
  slots: LocalProfile,
): Presence {
  const { pid } = process;
  const common = {
    v: 1,
    kind: 'presence',
    daemon: id,
    hostname: hostname(),
    pid,
    engine,
    startedAt,
  } as const;
  return { ...common, ...(launch !== undefined && { launch }), state, slots: slotsNow(slots) };
}

function slotsNow(slots: LocalProfile): Presence['slots'] {
  return slots.status().daemons.map(({ id, pid, threadId, state, completed }) => {
    const connect = slots.connections.get(id)?.connect;
    return { ...{ id, pid, threadId, state, completed }, ...(connect && { connect }) };
  });
}
