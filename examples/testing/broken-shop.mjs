// The library with mistakes that are easily made. Each breaks the traces of whoever uses it, and no test of results tells.
import { trace } from '@opentelemetry/api';
import { DomainPromise, localOtelPromiseDomain, withOtelSpan } from 'otel-promise-domain';

const tracer = trace.getTracer('shop');

/** The parenthesis is closed too early: `format` runs when `load cart` has ended, as the root of another trace. */
export function loseSpan(cart, database) {
  return withOtelSpan('load cart', { tracer }, () => database.readPrices(cart)).then(formatCart);
}

function formatCart(prices) {
  return withOtelSpan('format', { tracer }, () => prices.join(', '));
}

/** Ended by who has started it, and by who has been given it. */
export function endTwice(cart, database) {
  return tracer.startActiveSpan('load cart', (span) => {
    const end = () => span.end();
    return DomainPromise.from(database.readPrices(cart))
      .then((prices) => {
        span.end();
        return prices;
      })
      .finally(end);
  });
}

/** Ended where the query succeeds, and not where it fails. */
export function neverEnd(cart, database) {
  return tracer.startActiveSpan('load cart', (span) =>
    DomainPromise.from(database.readPrices(cart)).then((prices) => {
      span.end();
      return prices;
    }),
  );
}

/** `using` is missing, or a call of `dispose()`. */
export function forgetDomain(cart, database) {
  localOtelPromiseDomain();
  return DomainPromise.from(database.readPrices(cart));
}
