import { check } from '../../errors.js';
import { MiraiError } from '../errors.js';
import { checkCount, checkText, checkTimeout } from './check-config.js';
import { checkDaemon, daemonCommand, type LaunchDaemonOptions } from './daemon-command.js';
import { bodyOf, checkBody, type HttpBody } from './http-body.js';
import { type HttpRequest, toCurl } from './http-request.js';
import type { LaunchConfig, LaunchOutcome } from './launch-config.js';
import { quote } from './quote.js';

export interface HttpConfig {
  /** An `http:` or `https:` URL. */
  url: string | URL;
  /** One that has a body. Default: `'POST'`. */
  method?: string;
  headers?: Readonly<Record<string, string>>;
  /** Sent as `Authorization: Bearer …`. */
  token?: string;
  /**
   * What is sent: a value for JSON, in which every string `'.'` stands for the command of the daemon, or a function that
   * makes the body of that command. The command is text for a POSIX shell.
   */
  body: HttpBody;
  /** How many requests. Default: 1. */
  n?: number;
  /** Milliseconds until the answer has arrived. Default: 60,000. */
  timeout?: number;
  daemon?: LaunchDaemonOptions;
}

/** How much is kept of an answer. */
const mostKept = 8000;

/**
 * Starts daemons by requests to a service, such as the API of a platform that runs jobs. Every answer of 200 to 299 is a
 * success. Redirections are not followed, as they would take the headers elsewhere.
 *
 * What is printed of a request has the path and the body, but of the headers and of the query only the names.
 *
 * @throws TypeError, RangeError if an option is not what it must be
 *
 * Source: `http_config()` of the R package `mirai`.
 */
export function httpConfig(config: HttpConfig): LaunchConfig {
  check('httpConfig: config', 'object', config, 'an object');
  const { body, daemon } = config;
  const url = checkUrl(config.url);
  const method = checkMethod(config.method);
  const headers = checkHeaders(config.headers, config.token);
  checkBody('httpConfig: config.body', body);
  const n = checkCount('httpConfig: config.n', config.n);
  const timeout = checkTimeout('httpConfig: config.timeout', config.timeout);
  checkDaemon('httpConfig: config.daemon', daemon);
  return {
    launcher: 'http',
    plan(target) {
      const command = quote(daemonCommand('httpConfig: config.daemon', target, daemon));
      const request = { url, method, headers, body: bodyOf('httpConfig: config.body', body, command) };
      return Array.from({ length: n }, () => ({
        command: toCurl(request),
        run: () => send(request, timeout),
      }));
    },
  };
}

async function send(request: HttpRequest, timeout: number): Promise<LaunchOutcome> {
  const { url, method, headers, body } = request;
  const what = `launchRemote: the request ${toCurl(request)}`;
  let answer: { ok: boolean; status: number; text: string };
  try {
    const signal = AbortSignal.timeout(timeout);
    const response = await fetch(url, { method, headers, body, signal, redirect: 'manual' });
    answer = {
      ok: response.ok,
      status: response.status,
      text: (await response.text()).trim().slice(0, mostKept),
    };
  } catch (cause) {
    throw new MiraiError(`${what} failed: ${whyOf(cause, timeout)}`, { cause });
  }
  const { ok, status, text } = answer;
  if (ok) return { state: 'submitted', id: undefined, output: text };
  throw new MiraiError(`${what} was answered by ${status}${text && `: ${text}`}`);
}

function whyOf(error: unknown, timeout: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeout} ms`;
  // That of fetch() says only that it failed.
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
}

function checkUrl(given: unknown): URL {
  const where = 'httpConfig: config.url';
  const expected = 'a URL with http: or https:';
  if (!(given instanceof URL)) checkText(where, given, expected);
  const url = URL.canParse(String(given)) ? new URL(String(given)) : undefined;
  if (url?.username || url?.password) {
    throw new TypeError(`${where} must hold no user or password; use config.token or config.headers`);
  }
  if (url && ['http:', 'https:'].includes(url.protocol)) return url;
  throw new TypeError(`${where} must be ${expected} (got ${JSON.stringify(String(given))})`);
}

function checkMethod(method: unknown = 'POST'): string {
  const where = 'httpConfig: config.method';
  const expected = "a method that has a body, such as 'POST'";
  const text = checkText(where, method, expected);
  if (/^[A-Z]+$/.test(text) && !['GET', 'HEAD', 'TRACE', 'CONNECT'].includes(text)) return text;
  throw new TypeError(`${where} must be ${expected} (got ${JSON.stringify(text)})`);
}

function checkHeaders(given: unknown = {}, token?: unknown): Headers {
  const where = 'httpConfig: config.headers';
  check(where, 'object', given, 'an object of strings');
  const headers = new Headers();
  // cast: it was checked
  for (const [name, value] of Object.entries(given as object)) {
    check(`${where}[${JSON.stringify(name)}]`, 'string', value);
    setHeader(headers, name, String(value), where);
  }
  if (token !== undefined) {
    setHeader(
      headers,
      'authorization',
      `Bearer ${checkText('httpConfig: config.token', token)}`,
      'httpConfig: config.token',
    );
  }
  if (!headers.has('content-type')) headers.set('content-type', 'application/json');
  return headers;
}

/** The value may be a secret, which the error of `Headers` would show. */
function setHeader(headers: Headers, name: string, value: string, where: string): void {
  try {
    headers.set(name, value);
  } catch {
    throw new TypeError(
      `${where} must be what a header can hold (got another value for ${JSON.stringify(name)})`,
    );
  }
}
