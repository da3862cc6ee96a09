import { PermissionViolationError, RequestError, TimeoutError } from '@nats-io/transport-node';
import { expect, test } from 'vitest';
import { isVerdict } from '../../../src/mirai/engine/nats/verdict.js';
import { MiraiError } from '../support/library.js';

const denied = new PermissionViolationError('denied', 'publish', 'subject');

test.each<[string, unknown, boolean]>([
  ['that no answer came in time', new TimeoutError(), false],
  ['that a request was lost', new RequestError('cancelled'), false],
  ['that a request is not allowed', new RequestError('denied', { cause: denied }), true],
  ['of this library', new MiraiError('why'), true],
])('isVerdict() - an error that says %s', (_kind, error, expected) => {
  expect(isVerdict(error)).toBe(expected);
});
