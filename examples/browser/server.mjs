// Serves the built pages, is their backend, and collects the spans of both.
import { createServer } from 'node:http';
import { json, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { atLeisure } from './backend/pace.mjs';
import { readPages } from './backend/pages.mjs';
import { findRoute } from './backend/shop.mjs';
import { inServerSpan, inSpan, startTelemetry } from './backend/telemetry.mjs';
import { createTraces } from './backend/traces.mjs';

/**
 * @param {object} [options]
 * @param {number} [options.port] default: any that is free
 * @param {(section: 'buy' | 'search', units: number) => Promise<void>} [options.pace] how long an answer takes
 * @returns the `address`, the `traces`, and `close`
 */
export async function startServer({ port = 0, pace = atLeisure() } = {}) {
  const pageAt = readPages(fileURLToPath(new URL('dist', import.meta.url)));
  const traces = createTraces();
  const tracer = startTelemetry(traces.spanProcessor);

  /** The shop: a span for the request, and inside it one for the work. */
  const answer = async (found, path, request, response) => {
    const [status, body] = await inServerSpan(tracer, found.route, request, async (span) => {
      await inSpan(tracer, found.work, {}, () => pace(found.section, found.units));
      const result = found.error ? [404, { error: found.error }] : [200, found.answer(found.parameters)];
      span.setAttributes({ 'http.response.status_code': result[0], 'url.path': path });
      return result;
    });
    sendJson(response, status, body);
  };

  const handle = async (request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    const found = findRoute(request.method, path);
    const page = request.method === 'GET' && pageAt(path);
    const service = services[`${request.method} ${path}`];
    if (found) await answer(found, path, request, response);
    else if (page) response.writeHead(200, { 'content-type': page.type }).end(page.body);
    else if (service) await service(request, response, traces);
    else sendJson(response, 404, { error: `nothing at ${path}` });
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error) => sendJson(response, 500, { error: String(error) }));
  });
  await new Promise((listening, failed) => {
    server.once('error', failed).listen(port, '127.0.0.1', listening);
  });
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    traces,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const services = {
  'GET /': (_request, response) => {
    response.writeHead(302, { location: '/by-hand/' }).end();
  },
  'POST /v1/traces': async (request, response, traces) => {
    traces.addOtlp(await json(request));
    sendJson(response, 200, {});
  },
  'GET /traces': (_request, response, traces) => {
    sendJson(response, 200, { spans: traces.spans() });
  },
  // The spans of the backend as they start and end, as server-sent events.
  'GET /spans': (_request, response, { events }) => {
    const send = (span) => response.write(`data: ${JSON.stringify(span)}\n\n`);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.flushHeaders();
    events.on('start', send).on('end', send);
    response.on('close', () => events.off('start', send).off('end', send));
  },
  // A page that was opened with `?drive` says that its spans have been exported, and how many were active by mistake.
  'POST /driven': async (request, response, { events }) => {
    const strays = Number(await text(request));
    response.writeHead(204).end();
    events.emit('driven', strays);
  },
};

function sendJson(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { address } = await startServer({ port: Number(process.env.PORT ?? 0) });
  console.log(`Open ${address}, and press Ctrl+C to stop.`);
}
