/** Fetches JSON from the backend. A status that is no success is an `Error` with what the backend said. */
export async function request<T>(path: string, method = 'GET'): Promise<T> {
  const response = await fetch(path, { method });
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
}
