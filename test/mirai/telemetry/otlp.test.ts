import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { useNatsServer } from '../support/nats-engine.js';
import { pathOf } from './support.js';

/** A span as OTLP has it in JSON. */
interface OtlpSpan {
  name: string;
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  links: { traceId: string; spanId: string }[];
  status: { code: number };
}

interface OtlpTraces {
  resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[];
}

const nats = await useNatsServer();

/** Runs the program with its spans sent here: by the host alone, or by host and daemons each as variables say. */
async function received(engine: string, sender: string): Promise<OtlpSpan[]> {
  const spans: OtlpSpan[] = [];
  const server = createServer(async (request, response) => {
    const { resourceSpans } = (await json(request)) as OtlpTraces; // cast: what the exporter writes
    for (const { scopeSpans } of resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans);
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // cast: it listens on a port
  const url = `http://127.0.0.1:${port}`;
  const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' };
  const env = { ...process.env, OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' };
  const isHost = sender === 'the host';
  const args = [
    pathOf('export-otlp.mjs'),
    engine === 'nats' ? nats.url : engine,
    ...(isHost ? [`${url}/v1/traces`] : []),
  ];
  try {
    await promisify(execFile)(process.execPath, args, { env: isHost ? env : { ...env, ...variables } });
  } finally {
    server.close();
    server.closeAllConnections();
  }
  return spans;
}

const counts = {
  'daemons set': 1,
  'daemon connect': 2,
  mirai_map: 1,
  mirai: 4,
  'daemon eval': 4,
  outer: 3,
  inner: 3,
  'daemon disconnect': 2,
  'daemons reset': 1,
};

test.each([
  ['threads', 'the host'],
  ['processes', 'the host'],
  ['threads', 'each daemon'],
  ['processes', 'each daemon'],
  ['nats', 'the host'],
  ['nats', 'each daemon'],
])('%s: a receiver gets every span once from %s, with each parent and link', async (engine, sender) => {
  const spans = await received(engine, sender);
  const counted: Record<string, number> = {};
  for (const { name } of spans) {
    const [kind = name] = name.split(/ \w+:\/\//);
    counted[kind] = (counted[kind] ?? 0) + 1;
  }
  expect(counted).toEqual(counts);
  const ids = new Set(spans.map(({ traceId, spanId }) => `${traceId} ${spanId}`));
  expect(ids.size).toBe(spans.length);
  for (const { traceId, parentSpanId, links } of spans) {
    if (parentSpanId) expect(ids).toContain(`${traceId} ${parentSpanId}`);
    for (const link of links) expect(ids).toContain(`${link.traceId} ${link.spanId}`);
  }
  expect(spans.filter(({ parentSpanId }) => !parentSpanId)).toHaveLength(8);
});
