import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { type HttpConfig, httpConfig } from '../../../src/mirai/launch/http-config.js';
import { freePort } from '../support/free-port.js';
import { launch, launchFailure, planned } from './support/launch.js';
import { daemonLine } from './support/target.js';

interface Received {
  method: string | undefined;
  path: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A service, which does with a request what it is told to. */
async function service(
  answer: (response: ServerResponse) => void = (response) => void response.end(' {"job":7}\n'),
) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const { method, url: path, headers } = request;
    received.push({ method, path, headers, body: await text(request) });
    answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('it has no port');
  return { url: `http://127.0.0.1:${address.port}/v1/jobs`, received };
}

test('httpConfig() - a template of JSON, with the command in every place', async () => {
  const { url, received } = await service();
  const body = { name: 'a.b', run: ['sh', '-c', '.'], deep: { command: '.', n: 1, no: null } };
  const config = httpConfig({ url, body, n: 2, daemon: { modules: ['/it\'s "x"'] } });
  expect(await launch(config)).toEqual(
    Array(2).fill({ state: 'submitted', id: undefined, output: '{"job":7}', command: expect.any(String) }),
  );
  expect(received).toHaveLength(2);
  const command = `${daemonLine} --modules '/it'\\''s "x"'`;
  expect(JSON.parse(received[0]?.body ?? '')).toEqual({
    ...{ name: 'a.b', run: ['sh', '-c', command], deep: { command, n: 1, no: null } },
  });
  expect(received[0]).toMatchObject({ method: 'POST', path: '/v1/jobs' });
  expect(received[0]?.headers['content-type']).toBe('application/json');
});

test('httpConfig() - a function makes the body, and everything else can be set', async () => {
  const { url, received } = await service();
  const config = httpConfig({
    ...{ url: new URL(`${url}?dry=1&key=secret`), method: 'PUT', token: 'secret' },
    headers: { 'Content-Type': 'text/plain', 'X-Key': 'secret' },
    body: (command) => `run ${command}`,
  });
  await launch(config);
  expect(received).toEqual([
    {
      ...{ method: 'PUT', path: '/v1/jobs?dry=1&key=secret', body: `run ${daemonLine}` },
      headers: expect.objectContaining({
        ...{ 'content-type': 'text/plain', 'x-key': 'secret', authorization: 'Bearer secret' },
      }),
    },
  ]);
});

test('httpConfig() - what is printed has no secrets, and sends nothing', async () => {
  const { url, received } = await service();
  const config = httpConfig({
    ...{ url: `${url}?key=secret&key=secret&a%26b=secret`, token: 'secret' },
    ...{
      headers: { 'X-Key': 'secret', cookie: 'secret', accept: 'text/plain' },
      body: { it: '.', "it's": 1 },
    },
  });
  expect(await planned(config)).toEqual([
    [
      "curl -X POST -H 'accept: text/plain' -H 'authorization: Bearer ***' -H 'content-type: application/json'",
      `-H 'cookie: ***' -H 'x-key: ***' --data-raw '{"it":"${daemonLine}","it'\\''s":1}' '${url}?key=***&a%26b=***'`,
    ].join(' '),
  ]);
  expect(received).toEqual([]);
});

test('httpConfig() - what is printed is what a shell reads as the words of curl', async () => {
  const [command = ''] = await planned(httpConfig({ url: 'http://a/b', body: ['.'] }));
  const { stdout } = spawnSync('sh', ['-c', command.replace(/^curl/, "printf '%s\\n'")], {
    encoding: 'utf8',
  });
  expect(stdout.split('\n')).toEqual([
    ...[
      '-X',
      'POST',
      '-H',
      'content-type: application/json',
      '--data-raw',
      `["${daemonLine}"]`,
      'http://a/b',
      '',
    ],
  ]);
});

test('a request - an answer that is an error', async () => {
  const { url } = await service((response) => void response.writeHead(500).end('out of luck'));
  const message = await launchFailure(httpConfig({ url, token: 'secret', body: ['.'] }));
  expect(message).toMatch(/^launchRemote: the request curl -X POST .* was answered by 500: out of luck$/);
  expect(message).not.toContain('secret');
});

test('a request - a redirection is not followed, as it would take secrets elsewhere', async () => {
  const elsewhere = await service();
  const { url } = await service(
    (response) => void response.writeHead(307, { location: elsewhere.url }).end(),
  );
  expect(await launchFailure(httpConfig({ url, headers: { 'x-key': 'secret' }, body: ['.'] }))).toMatch(
    / was answered by 307$/,
  );
  expect(elsewhere.received).toEqual([]);
});

test('a request - no server', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  expect(await launchFailure(httpConfig({ url, body: ['.'] }))).toMatch(/ failed: connect ECONNREFUSED /);
});

test('a request - no answer', async () => {
  const { url } = await service(() => {});
  expect(await launchFailure(httpConfig({ url, body: ['.'], timeout: 200 }))).toMatch(
    / failed: no answer within 200 ms$/,
  );
});

test('a request - an answer that does not end', async () => {
  const { url } = await service((response) => void response.writeHead(200).write('{'));
  expect(await launchFailure(httpConfig({ url, body: ['.'], timeout: 200 }))).toMatch(
    / failed: no answer within 200 ms$/,
  );
});

test('a request - some of several that fail', async () => {
  let count = 0;
  const { url } = await service((response) => void response.writeHead(count++ === 0 ? 200 : 503).end());
  const message = await launchFailure(httpConfig({ url, body: ['.'], n: 3 }));
  expect(message).toMatch(/^launchRemote: 2 of 3 launches by http failed:\n.* was answered by 503\n.*503$/);
});

test('httpConfig() - a function that returns no string', async () => {
  const config = httpConfig({ url: 'http://a', body: () => 1 as never }); // cast: it is wrong
  await expect(planned(config)).rejects.toThrow(
    new TypeError('httpConfig: config.body must be a function that returns a string (got 1)'),
  );
});

const url = 'a URL with http: or https:';
const body = "a function, or a value for JSON with '.' for the command of the daemon";
const method = "a method that has a body, such as 'POST'";

test.each<[unknown, string]>([
  [undefined, ' must be an object (got undefined)'],
  [{ url: 1 }, `.url must be ${url} (got 1)`],
  [{ url: '/jobs' }, `.url must be ${url} (got "/jobs")`],
  [{ url: 'ftp://a' }, `.url must be ${url} (got "ftp://a")`],
  [{ method: 'GET' }, `.method must be ${method} (got "GET")`],
  [{ method: 'POST x' }, `.method must be ${method} (got "POST x")`],
  [{ headers: [] }, '.headers must be an object of strings (got array)'],
  [{ headers: { a: 1 } }, '.headers["a"] must be a string (got 1)'],
  [{ token: '' }, '.token must be a string that is not empty (got "")'],
  [{ body: undefined }, `.body must be ${body} (got undefined)`],
  [{ body: '.' }, `.body must be ${body} (got ".")`],
  [{ body: { a: 'b' } }, `.body must be ${body} (got no '.')`],
  [{ body: { a: 1n, b: '.' } }, `.body must be ${body}`],
  [{ n: '1' }, '.n must be a positive integer (got "1")'],
  [{ timeout: '1' }, '.timeout must be a number of milliseconds from 1 to 2147483647 (got "1")'],
  [{ daemon: 1 }, '.daemon must be an object (got 1)'],
])('httpConfig(%o) throws a TypeError', (config, message) => {
  const given = config && { url: 'http://a', body: ['.'], ...config };
  // cast: it is wrong
  expect(() => httpConfig(given as HttpConfig)).toThrow(new TypeError(`httpConfig: config${message}`));
});

test.each([
  [{ url: 'http://ada:secret@a' }, '.url must hold no user or password; use config.token or config.headers'],
  [
    { headers: { 'x-key': 'secret\n' + 'x' } },
    '.headers must be what a header can hold (got another value for "x-key")',
  ],
  [{ token: 'secret\nx' }, '.token must be what a header can hold (got another value for "authorization")'],
])('httpConfig() - a bad value that may be secret is not shown: %j', (config, message) => {
  const make = () => httpConfig({ url: 'http://a', body: ['.'], ...config });
  expect(make).toThrow(new TypeError(`httpConfig: config${message}`));
  expect(make).not.toThrow('secret');
});
