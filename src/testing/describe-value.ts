const LONGEST = 80;

/** What was thrown or given, as far as it fits into a line; never throws. */
export function describe(value: unknown): string {
  try {
    const [text = ''] = textOf(value).split('\n', 1);
    return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  } catch {
    return 'something that cannot be shown';
  }
}

function textOf(value: unknown): string {
  if (value instanceof Error) return textOfError(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return `function ${value.name}`;
  const prototype: unknown = Object(value) === value ? Object.getPrototypeOf(value) : undefined;
  if (prototype !== Object.prototype && prototype !== null) return String(value);
  // Reason for the cast: it is an object.
  const members = Object.entries(value as object).map(([key, member]) => `${key}: ${memberOf(member)}`);
  return members.length > 0 ? `{ ${members.join(', ')} }` : '{}';
}

function textOfError(error: Error): string {
  const text = [error.name, error.message].filter((part) => part !== '').join(': ');
  return error instanceof AggregateError ? `${text} (${error.errors.map(describe).join('; ')})` : text;
}

function memberOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return Object(value) === value ? '…' : String(value);
}
