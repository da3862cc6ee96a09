// Programs whose timelines are in the guides. Their callbacks have names, by which the drawings tell them apart.
import { trace } from '@opentelemetry/api';
import { DomainPromise, withOtelSpan } from 'otel-promise-domain';

const tracer = trace.getTracer('shop');

/** Everything that can go wrong: a span that a callback has lost, one that ends twice, and one that never does. */
export function faulty() {
  const request = tracer.startSpan('request');
  const loaded = withOtelSpan('load cart', { tracer }, () =>
    DomainPromise.resolve('{ "items": 2 }').then(function parse(text) {
      return JSON.parse(text);
    }),
  );
  const priced = loaded.then(function addPrices(cart) {
    const query = tracer.startSpan('query prices');
    query.end();
    query.end();
    if (cart.items > 1) throw new RangeError('too many items');
    request.end();
  });
  return priced.catch(function recover() {});
}

/** Two requests at a time, in async functions that await domain promises. */
export function awaiting() {
  const order = (name, items) =>
    withOtelSpan(name, { tracer }, async () => {
      await DomainPromise.resolve(items).then(function reserve() {
        tracer.startSpan(`reserve ${items}`).end();
      });
      const paid = await withOtelSpan(`pay ${items}`, { tracer }, () => DomainPromise.resolve(true));
      return paid;
    });
  return Promise.all([order('order a', 1), order('order b', 2)]);
}
