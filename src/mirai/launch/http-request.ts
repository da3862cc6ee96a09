import { quote } from './quote.js';

export interface HttpRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
}

/** Headers that say what is sent, not who sends it. */
const open = ['accept', 'accept-language', 'content-type', 'user-agent'];

/** The request as a command line, with `***` for the values of its query and of headers that may be secret. */
export function toCurl({ url, method, headers, body }: HttpRequest): string {
  const words = ['curl', '-X', method];
  for (const [name, value] of headers) words.push('-H', `${name}: ${hidden(name, value)}`);
  return quote([...words, '--data-raw', body, shownUrl(url)]);
}

function hidden(name: string, value: string): string {
  if (open.includes(name)) return value;
  return /^bearer /i.test(value) ? 'Bearer ***' : '***';
}

function shownUrl({ origin, pathname, searchParams }: URL): string {
  const query = [...new Set(searchParams.keys())].map((name) => `${encodeURIComponent(name)}=***`).join('&');
  return `${origin}${pathname}${query && `?${query}`}`;
}
