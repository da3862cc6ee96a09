import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { Ledger } from '../protocol/ledger.js';
import type { HostMessage } from '../protocol/messages.js';
import type { HostPort } from './host-port.js';

/** Connects a daemon with another thread of its process, which may end it at any time. */
export function threadPort(port: MessagePort, ledger: Ledger): HostPort {
  return {
    ledger,
    blocks: true,
    post(message) {
      port.postMessage(message);
      ledger.answer();
    },
    // Reason for the cast: the host posts nothing else.
    receive: () => receiveMessageOnPort(port)?.message as readonly HostMessage[] | undefined,
    listen: (listener) => port.on('message', listener),
    afterInterrupt: () => ledger.waitForTheEnd(),
  };
}
