// What the Promises/A+ suite uses of Node's `assert`.
function assert(value, message = `expected a truthy value (got ${String(value)})`) {
  if (!value) throw new Error(message);
}

assert.strictEqual = (got, expected) =>
  assert(Object.is(got, expected), `expected ${String(expected)} (got ${String(got)})`);
assert.notStrictEqual = (got, other) =>
  assert(!Object.is(got, other), `expected another than ${String(other)}`);

module.exports = assert;
