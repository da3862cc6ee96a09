/** Values that are looked at, at most: what is larger is copied faster in another way. */
const most = 64;

/**
 * Whether the value is small, and JSON gives back the same as structured clone does: it holds plain objects, arrays without
 * holes, strings, booleans, finite numbers and null, and no object twice.
 */
export function isSmallJson(value: unknown): boolean {
  return holds(value, { objects: [], left: most });
}

interface Search {
  /** Those that were seen. */
  readonly objects: object[];
  left: number;
}

function holds(value: unknown, search: Search): boolean {
  search.left--;
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'object':
      return value === null || holdsObject(value, search);
    default:
      return false;
  }
}

function holdsObject(value: object, search: Search): boolean {
  const { objects } = search;
  if (objects.includes(value)) return false;
  objects.push(value);
  const isArray = Array.isArray(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (isArray ? value.length > search.left : prototype !== Object.prototype && prototype !== null)
    return false;
  const keys = Object.keys(value);
  if (keys.length > search.left || (isArray && keys.length !== value.length)) return false;
  // Reason for the cast: own enumerable keys.
  for (const key of keys)
    if (search.left <= 0 || !holds(value[key as keyof typeof value], search)) return false;
  return true;
}
