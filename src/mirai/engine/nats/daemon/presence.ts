import { hostname } from 'node:os';
import type { LocalProfile } from '../../../host/local-profile.js';
import type { NatsDaemonOptions } from '../options.js';
import { publishTo } from '../publish.js';
import { toFrame } from '../wire/frame.js';
import type { Presence } from '../wire/from-daemon.js';
import type { Setting } from './setting.js';

/** How a daemon is, and what it says of itself to hosts. */
export class OwnPresence {
  state: Presence['state'] = 'here';
  readonly #setting: Setting;
  readonly #engine: Presence['engine'];
  readonly #slots: () => LocalProfile;
  readonly #startedAt = new Date().toISOString();

  constructor(setting: Setting, { engine = 'threads' }: NatsDaemonOptions, slots: () => LocalProfile) {
    this.#setting = setting;
    this.#engine = engine;
    this.#slots = slots;
  }

  get now(): Presence {
    const { id, launch } = this.#setting;
    const { pid } = process;
    return {
      v: 1,
      kind: 'presence',
      daemon: id,
      hostname: hostname(),
      pid,
      engine: this.#engine,
      startedAt: this.#startedAt,
      ...(launch !== undefined && { launch }),
      state: this.state,
      slots: slotsNow(this.#slots()),
    };
  }

  /** @param host all of them where it is `undefined` */
  announce(host?: string): void {
    const { connection, names } = this.#setting;
    const subject = host === undefined ? names.toHosts : names.toHost(host);
    publishTo(connection, subject, toFrame(this.now));
  }
}

function slotsNow(slots: LocalProfile): Presence['slots'] {
  return slots.status().daemons.map(({ id, pid, threadId, state, completed }) => {
    const connect = slots.connections.get(id)?.connect;
    return { ...{ id, pid, threadId, state, completed }, ...(connect && { connect }) };
  });
}
