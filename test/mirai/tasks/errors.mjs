class HttpError extends Error {
  name = 'HttpError';
  status = 404;
  code = 'E_HTTP';
  details = { retryAfter: new Date(0), list: [1] };
}

const getterThatThrows = (target, name) =>
  Object.defineProperty(target, name, {
    enumerable: true,
    get() {
      throw new Error('a getter threw');
    },
  });

const allTraps = new Proxy(
  {},
  {
    get: () => () => {
      throw new Error('a trap threw');
    },
  },
);

function cyclicCause() {
  const error = new Error('outer');
  error.cause = new Error('inner', { cause: error });
  return error;
}

function revoked() {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** What a task may throw. */
const makers = {
  TypeError: () => new TypeError('a type'),
  RangeError: () => new RangeError('a range'),
  SyntaxError: () => new SyntaxError('a syntax'),
  HttpError: () => new HttpError('not found'),
  'an empty message': () => new Error(),
  'a chain of causes': () =>
    new Error('first', {
      cause: new TypeError('second', { cause: new RangeError('third', { cause: 'root' }) }),
    }),
  'a cause that is a value': () => new Error('with cause', { cause: { code: 7, list: new Map([[1, 2]]) } }),
  'a cause that is undefined': () => new Error('with cause', { cause: undefined }),
  'a cause with a code': () => new Error('outer', { cause: new HttpError('inner') }),
  'an AggregateError': () => new AggregateError([new TypeError('one'), 'two'], 'all of them'),
  'a DOMException': () => new DOMException('was aborted', 'AbortError'),
  'a string': () => 'a text',
  'an empty string': () => '',
  undefined: () => undefined,
  null: () => null,
  'a number': () => 42,
  false: () => false,
  'a bigint': () => 7n,
  'an object': () => ({ reason: 'because', when: new Date(0) }),
  'an array': () => [1, 'two'],
  'a map': () => new Map([['a', 1]]),
  'a symbol': () => Symbol('mine'),
  'a function': () => function thrower() {},
  'an object with a getter that throws': () => getterThatThrows({ fine: 1 }, 'part'),
  'an object whose toString throws': () => ({
    toString() {
      throw new Error('no text');
    },
  }),
  'an error with a getter that throws': () => getterThatThrows(new Error('kept'), 'part'),
  'an error whose message throws': () => getterThatThrows(new Error('lost'), 'message'),
  'an error whose name throws': () => getterThatThrows(new Error('kept'), 'name'),
  'an error whose stack throws': () => getterThatThrows(new Error('kept'), 'stack'),
  'an error whose cause throws': () => getterThatThrows(new Error('kept'), 'cause'),
  'an error whose name is no string': () => Object.assign(new Error('kept'), { name: Symbol('name') }),
  'an error whose stack is no string': () => Object.assign(new Error('kept'), { stack: 42 }),
  'an error without stack': () => Object.assign(new Error('kept'), { stack: undefined }),
  'an error with a part that cannot be cloned': () =>
    Object.assign(new Error('kept'), { part: () => {}, fine: 1 }),
  'an error with a cause that cannot be cloned': () => new Error('kept', { cause: () => {} }),
  'a frozen error': () => Object.freeze(Object.assign(new Error('kept'), { fine: 1 })),
  'a cycle of causes': cyclicCause,
  'a proxy whose traps throw': () => new Proxy({}, allTraps),
  'a proxy of an error whose traps throw': () => new Proxy(new Error('hidden'), allTraps),
  'a revoked proxy': revoked,
};

export const give = (kind) => makers[kind]();
export const make = (kind) => [makers[kind]()];

export function fail(kind) {
  throw makers[kind]();
}

export async function failLater(kind) {
  await undefined;
  throw makers[kind]();
}

export function namedFrame(kind) {
  return fail(kind);
}
