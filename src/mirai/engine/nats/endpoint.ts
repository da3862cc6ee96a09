import type { Endpoint } from '../../protocol/messages.js';

const defaultPort = 4222;

/** Where a profile is, as its spans say. */
export function endpointOf([server = '']: readonly string[], compute: string): Endpoint {
  const { protocol, hostname, port } = new URL(server);
  const number = port === '' ? defaultPort : Number(port);
  return {
    url: `${protocol}//${hostname}:${number}/${encodeURIComponent(compute)}`,
    address: hostname,
    port: number,
    transport: 'tcp',
  };
}
