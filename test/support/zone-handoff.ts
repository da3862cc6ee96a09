import { ZoneContextManager } from '@opentelemetry/context-zone-peer-dep';
import { expect } from 'vitest';
import { activeName, startTracing } from './tracing.js';

type Library = Pick<
  typeof import('../../src/index.js'),
  'DomainPromise' | 'hasOtelPromiseDomain' | 'withOtelSpan'
>;

/** Two interleaved chains under the zone.js manager; zone.js is loaded by the caller, before or after the library. */
export async function expectHandoffUnderZone({ DomainPromise, hasOtelPromiseDomain, withOtelSpan }: Library) {
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
}
