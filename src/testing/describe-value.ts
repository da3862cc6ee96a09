/** What was thrown or given, as far as it fits into a line; never throws. */
export function describe(value: unknown): string {
  try {
    if (typeof value === 'string') return JSON.stringify(value);
    const text = value instanceof Error ? `${value.name}: ${value.message}` : String(value);
    return text.split('\n', 1)[0] ?? '';
  } catch {
    return 'something that cannot be shown';
  }
}
