// A library that is traced: it starts spans with a tracer of its own, and leaves it to the application to register an SDK.
import { trace } from '@opentelemetry/api';
import { withOtelSpan } from 'otel-promise-domain';

const tracer = trace.getTracer('shop');

/** The prices of a cart as text. A query that fails is tried once more. */
export function loadCart(cart, database) {
  return withOtelSpan('load cart', { tracer, attributes: { cart } }, () =>
    query(cart, database)
      .catch(function retry() {
        return query(cart, database);
      })
      .then(formatCart),
  );
}

function query(cart, database) {
  return withOtelSpan('query', { tracer }, () => database.readPrices(cart));
}

function formatCart(prices) {
  return withOtelSpan('format', { tracer }, () =>
    prices.map((cents) => `${(cents / 100).toFixed(2)} EUR`).join('\n'),
  );
}
