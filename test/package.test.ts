import * as built from 'otel-promise-domain';
import { expect, test } from 'vitest';
import * as source from '../src/index.js';

test('the built package exports what the source exports', () => {
  expect(Object.keys(built).sort()).toEqual(Object.keys(source).sort());
});

test('the built class has its name', () => {
  expect(built.DomainPromise.name).toBe('DomainPromise');
});

test('the built package and the source are two copies of the library that share one current domain', () => {
  const domain = { name: 'shared' };
  built.withPromiseDomain(domain, () => expect(source.currentPromiseDomain()).toBe(domain));
  built.withOtelPromiseDomain(() => expect(source.hasOtelPromiseDomain()).toBe(true));
});
