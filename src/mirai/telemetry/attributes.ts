import type { Attributes } from '@opentelemetry/api';
import type { Endpoint } from '../protocol/messages.js';

/** Where a profile is, as its spans say it (OpenTelemetry semantic conventions: server and network attributes). */
export function endpointAttributes({ address, port, transport }: Endpoint): Attributes {
  const attributes: Attributes = { 'server.address': address, 'network.transport': transport };
  if (port !== undefined) attributes['server.port'] = port;
  return attributes;
}
