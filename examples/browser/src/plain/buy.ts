import { withOtelSpan } from 'otel-promise-domain';
import { tracer } from '../tracer.js';
import { request } from './request.js';

/** Orders what is in the cart; what a click on "Buy" starts. */
export function buy(): Promise<string> {
  return withOtelSpan('buy', { tracer }, async () => {
    const items = await loadCart();
    for (const item of items) await reserve(item);
    const [receipt] = await Promise.all([chargeCard(), printLabel()]);
    let discount = 0;
    try {
      discount = await redeemCoupon();
    } catch {
      // An expired coupon must not stop the order.
    }
    return withOtelSpan(
      'confirm',
      { tracer },
      () => `${items.join(' and ')}: ${receipt.euros - discount} EUR`,
    );
  });
}

/** With the API of OpenTelemetry itself: the span stays active after the await as well. */
function loadCart(): Promise<string[]> {
  return tracer.startActiveSpan('load cart', async (span) => {
    try {
      const cart = await request<{ items: string[] }>('/cart');
      return cart.items;
    } finally {
      span.end();
    }
  });
}

async function reserve(item: string): Promise<void> {
  await withOtelSpan('reserve', { tracer, attributes: { item } }, () => request(`/stock/${item}`, 'POST'));
}

function chargeCard() {
  return withOtelSpan('charge card', { tracer }, () => request<{ euros: number }>('/payment', 'POST'));
}

function printLabel() {
  return withOtelSpan('print label', { tracer }, () => request('/label', 'POST'));
}

function redeemCoupon() {
  return withOtelSpan('redeem coupon', { tracer }, async () => {
    const coupon = await request<{ euros: number }>('/coupon');
    return coupon.euros;
  });
}
