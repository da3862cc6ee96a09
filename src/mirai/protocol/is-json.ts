/** Arrays up to this length are searched for properties that are no elements; longer ones hold none in practice. */
const searched = 256;

/**
 * Whether JSON gives back the same value as structured clone does: it holds plain objects, arrays without holes, strings,
 * booleans, finite numbers and null, and no object twice.
 */
export function isJson(value: unknown): boolean {
  return holds(value, new Set());
}

function holds(value: unknown, seen: Set<object>): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'object':
      return value === null || holdsObject(value, seen);
    default:
      return false;
  }
}

function holdsObject(value: object, seen: Set<object>): boolean {
  if (seen.has(value) || seen.size > 1e6) return false;
  seen.add(value);
  if (Array.isArray(value)) {
    if (value.length <= searched && Object.keys(value).length !== value.length) return false;
    for (let index = 0; index < value.length; index++) if (!holds(value[index], seen)) return false;
    return true;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  // Reason for the cast: an object, and its own enumerable keys are read.
  const record = value as Record<string, unknown>;
  for (const key of Object.keys(record)) if (!holds(record[key], seen)) return false;
  return true;
}
