import { JetStreamApiError, JetStreamError } from '@nats-io/jetstream';
import {
  ConnectionError,
  PermissionViolationError,
  RequestError,
  TimeoutError,
} from '@nats-io/transport-node';

/** From this code on the server says that it has failed, and not that it will never do it. */
const serverFailed = 500;

/** Its code for a request that it could not answer in time. */
const requestTimeout = 408;

/** Whether asking again makes no difference; it does where the server was away, or has no leader yet. */
export function isVerdict(error: unknown): boolean {
  if (error instanceof JetStreamApiError) return error.status < serverFailed;
  if (error instanceof JetStreamError && 'code' in error)
    return error.code !== requestTimeout && Number(error.code) < serverFailed;
  // The client makes of nobody who answers an error of a class that it does not export.
  const cause = error instanceof Error && error.name === 'JetStreamNotEnabled' ? error.cause : error;
  if (cause instanceof RequestError && cause.cause instanceof PermissionViolationError) return true;
  return ![TimeoutError, RequestError, ConnectionError].some((kind) => cause instanceof kind);
}
