// The traces of the two buttons, as `drawTrees` draws them.

/** A request of the page as the page's fetch span, the backend's server span and its inner span, all for one path. */
function requested(indent, request, work, failed = '') {
  return `${indent}page: ${request}${failed}
${indent}  backend: ${request}
${indent}    backend: ${work}
`;
}

const buy = `page: click
  page: buy
    page: charge card
${requested('      ', 'POST /payment', 'ask the bank')}\
    page: confirm
    page: load cart
${requested('      ', 'GET /cart', 'read cart')}\
    page: print label
${requested('      ', 'POST /label', 'write label')}\
    page: redeem coupon (failed)
${requested('      ', 'GET /coupon', 'check coupon', ' (failed)')}\
    page: reserve
${requested('      ', 'POST /stock/cup', 'take from stock')}\
    page: reserve
${requested('      ', 'POST /stock/plate', 'take from stock')}`;

const search = `page: click
  page: search
${requested('    ', 'GET /words/cu', 'look up words')}\
    page: choose word
    page: load offers (failed)
${requested('      ', 'GET /offers', 'find offers', ' (failed)')}\
    page: load prices
${requested('      ', 'GET /prices', 'read prices')}\
    page: load reviews
${requested('      ', 'GET /reviews', 'read reviews')}\
    page: rank
    page: read page
${requested('      ', 'GET /found/cup/1', 'query index')}\
      page: filter
    page: read page
${requested('      ', 'GET /found/cup/2', 'query index')}\
      page: filter
`;

export const expectedTrees = [buy, search];
