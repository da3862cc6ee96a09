import { describe, expect, test } from 'vitest';
import { SpanForwarder } from '../../../src/mirai/engine/nats/daemon/span-forwarder.js';
import type { SpanRecord } from '../../../src/mirai/protocol/span-record.js';

const slot = { id: 1, pid: 1, threadId: 1, connect: undefined };

function record(name: string): SpanRecord {
  const ids = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 };
  return {
    ...{ name, kind: 0, context: ids, traceState: undefined, parent: undefined, start: [1, 0], end: [2, 0] },
    ...{ status: { code: 0 }, attributes: {}, links: [], events: [], scope: { name: 'scope' } },
    dropped: { attributes: 0, links: 0, events: 0 },
  };
}

describe('spans of no task', () => {
  test('that one host does not confirm go to another, each once, however many messages they were', () => {
    const received: string[] = [];
    const forwarder = new SpanForwarder((host, _slot, spans, isOver) => {
      if (host === 'there') received.push(...spans.map(({ name }) => name));
      // One message for each.
      else for (const span of spans) isOver?.(false, [span]);
    });
    forwarder.heardOf('there');
    forwarder.heardOf('gone');
    forwarder.accept([record('a'), record('b'), record('c')], slot);
    expect(received).toEqual(['a', 'b', 'c']);
  });

  test('wait for a host where there is none', () => {
    const received: string[] = [];
    const forwarder = new SpanForwarder((_host, _slot, spans) =>
      received.push(...spans.map(({ name }) => name)),
    );
    forwarder.accept([record('a')], slot);
    expect(received).toEqual([]);
    forwarder.heardOf('there');
    expect(received).toEqual(['a']);
  });
});
