// A file of its own: zone.js replaces the global Promise when it is loaded, here before the library.
import 'zone.js';
import { ZoneContextManager } from '@opentelemetry/context-zone-peer-dep';
import { expect, test } from 'vitest';
import { activeName, startTracing } from '../support/tracing.js';

const { DomainPromise, hasOtelPromiseDomain, withOtelSpan } = await import('../../src/index.js');

test('under the zone.js manager callbacks are restored', async () => {
  const { tracer, finishedNames } = startTracing(new ZoneContextManager());
  const seen: unknown[] = [];
  const chain = (name: string) =>
    withOtelSpan(name, { tracer }, () =>
      DomainPromise.resolve()
        .then(() => seen.push([name, activeName(), hasOtelPromiseDomain()]))
        .then(() => {
          throw new Error('recovered');
        })
        .catch(() => seen.push([name, activeName(), hasOtelPromiseDomain()])),
    );
  await DomainPromise.all([chain('a'), chain('b')]);
  expect(seen).toEqual([
    ['a', 'a', true],
    ['b', 'b', true],
    ['a', 'a', true],
    ['b', 'b', true],
  ]);
  expect(finishedNames()).toEqual(['a', 'b']);
  expect(activeName()).toBeUndefined();
});
