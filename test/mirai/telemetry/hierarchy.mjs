// The whole trace of a profile: what runs, and what its spans have to be. It runs in vitest, and in other versions of Node.
import assert from 'node:assert/strict';
import { hostname } from 'node:os';

const scope = 'otel-promise-domain/mirai';

/** Sets daemons, maps, evaluates a lone task, resets. */
export async function runHierarchy({ daemons, importTasks, mirai, miraiMap }, engine) {
  const tasks = importTasks(new URL('./programs/work.mjs', import.meta.url));
  await daemons(2, { engine });
  assert.deepEqual(await miraiMap([1, 2, 3], tasks.spanned), [1, 2, 3]);
  assert.equal(await mirai(tasks.plain, [4]), 4);
  await daemons(0);
}

/** Throws unless `spans`, finished ones of the SDK, are exactly those of `runHierarchy`; `engine` may be the URL of a NATS server. */
export function checkHierarchy(spans, engine) {
  const scheme = { threads: 'thread', processes: 'process', inline: 'inline' }[engine];
  const isRemote = scheme === undefined;
  const url = isRemote ? `${engine}/default` : `${scheme}://${process.pid}/default`;
  const { hostname: address, port } = new URL(url);
  const server = isRemote
    ? { 'server.address': address, 'server.port': Number(port), 'network.transport': 'tcp' }
    : { 'server.address': hostname(), 'network.transport': engine === 'processes' ? 'ipc' : 'inproc' };
  const profile = { ...server, 'mirai.dispatcher': true, 'mirai.compute': 'default' };
  const named = (name) => spans.filter((span) => span.name === name);
  const [set] = named(`daemons set ${url}`);
  const connects = named(`daemon connect ${url}`);
  const [map] = named('mirai_map');
  const calls = named('mirai');
  const evals = named('daemon eval');
  const disconnects = named(`daemon disconnect ${url}`);
  const [reset] = named(`daemons reset ${url}`);
  const counts = [set, map, reset].map((span) => (span ? 1 : 0));
  assert.deepEqual(
    [...counts, connects.length, calls.length, evals.length, disconnects.length, spans.length],
    [1, 1, 1, 2, 4, 4, 2, 15 + 2 * 3],
    spans.map(({ name }) => name).join('\n'),
  );

  const isRoot = (span) => assert.equal(parentOf(span), undefined, `${span.name} is a root`);
  const isLinkedTo = (span, ...others) =>
    assert.deepEqual(
      span.links.map(({ context }) => [context.traceId, context.spanId]),
      others.map((other) => [other.spanContext().traceId, other.spanContext().spanId]),
      `links of ${span.name}`,
    );
  for (const span of [set, reset, map, ...connects, ...disconnects]) {
    isRoot(span);
    assert.equal(span.kind, 0, `${span.name} is internal`);
  }
  for (const span of [set, reset]) assert.deepEqual(span.attributes, profile);
  for (const span of [...connects, ...disconnects]) assert.deepEqual(span.attributes, server);
  assert.deepEqual(map.attributes, {});
  isLinkedTo(set);
  isLinkedTo(reset, set);
  isLinkedTo(map, set);
  for (const connect of connects) isLinkedTo(connect);
  const ended = disconnects.map(({ links }) => links.map(({ context }) => context.spanId));
  assert.deepEqual(ended.sort(), connects.map((span) => [span.spanContext().spanId]).sort());

  for (const call of calls) {
    assert.equal(call.kind, 2, 'mirai is a client');
    assert.deepEqual(Object.keys(call.attributes), ['mirai.id']);
    isLinkedTo(call, set);
  }
  assert.equal(new Set(calls.map(({ attributes }) => attributes['mirai.id'])).size, 4);
  const parents = calls.map((call) => parentOf(call)?.spanId);
  const mapId = map.spanContext().spanId;
  assert.deepEqual(parents, [mapId, mapId, mapId, undefined], 'three elements of the map, and a lone task');

  for (const span of evals) {
    assert.equal(span.kind, 1, 'daemon eval is a server');
    const call = calls.find((each) => each.spanContext().spanId === parentOf(span)?.spanId);
    assert.ok(call, 'its parent is a mirai');
    assert.equal(span.spanContext().traceId, call.spanContext().traceId);
    assert.equal(span.attributes['mirai.id'], call.attributes['mirai.id']);
    assert.ok(span.attributes['mirai.queue_time'] >= 0);
    assert.deepEqual(Object.keys(span.attributes), ['mirai.id', 'mirai.queue_time']);
    assert.equal(span.links.length, 1);
    const connect = connects.find((each) => each.spanContext().spanId === span.links[0].context.spanId);
    assert.ok(connect, 'it is linked to the connect of a daemon');
    assert.deepEqual(resourceOf(span), resourceOf(connect), 'the daemon that ran it');
    const isElement = parents[calls.indexOf(call)] === mapId;
    assert.ok(!isElement || spans.indexOf(span) < spans.indexOf(map), 'the map ends after its elements');
  }
  for (const span of named('outer')) assert.ok(evals.some((each) => isParent(each, span)));
  for (const span of named('inner')) assert.ok(named('outer').some((each) => isParent(each, span)));
  assert.deepEqual(
    named('outer')
      .map(({ attributes }) => attributes.x)
      .sort(),
    [1, 2, 3],
  );
  assert.deepEqual(
    named('outer').map(({ events }) => events[0].name),
    ['done', 'done', 'done'],
  );

  for (const span of spans) {
    assert.equal(span.status.code, 0, `${span.name} is unset`);
    assert.ok(at(span.startTime) <= at(span.endTime));
    const work = ['outer', 'inner'].includes(span.name);
    assert.equal(span.instrumentationScope.name, work ? 'work' : scope);
  }
  if (engine !== 'inline') {
    const daemons = connects.map((span) => resourceOf(span));
    assert.equal(new Set(daemons.map((ids) => ids.join())).size, 2, 'two daemons');
    for (const [pid, thread] of daemons) {
      assert.equal(pid === process.pid, engine === 'threads');
      assert.equal(thread > 0, engine === 'threads' || isRemote);
    }
  }
}

function parentOf({ parentSpanContext }) {
  return parentSpanContext;
}

function isParent(parent, span) {
  return parentOf(span)?.spanId === parent.spanContext().spanId;
}

function resourceOf({ resource }) {
  return [resource.attributes['process.pid'], resource.attributes['thread.id']];
}

function at([seconds, nanoseconds]) {
  return seconds * 1e9 + nanoseconds;
}
