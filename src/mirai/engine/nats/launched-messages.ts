import type { RemoteError } from '../../protocol/remote-error.js';
import type { Launch } from './daemon/start-nats-daemon.js';
import type { LeaveReason, NatsDaemonOptions } from './options.js';
import type { Presence } from './wire/from-daemon.js';

/** What a host tells a daemon that it has launched, beside the server. */
export type LaunchMessage =
  | { readonly kind: 'start'; readonly options: NatsDaemonOptions; readonly launch: Launch }
  | { readonly kind: 'leave' };

/** What such a daemon tells its host. */
export type LaunchedMessage =
  | { readonly kind: 'ready'; readonly presence: Presence }
  | { readonly kind: 'unready'; readonly error: RemoteError }
  | { readonly kind: 'leaving'; readonly reason: LeaveReason }
  | { readonly kind: 'left' };
