// What the shop answers. `work` is the name of the span inside the server's, `units` is how long it takes.
const routes = [
  {
    section: 'buy',
    route: 'GET /cart',
    work: 'read cart',
    units: 3,
    answer: () => ({ items: ['cup', 'plate'] }),
  },
  { section: 'buy', route: 'POST /stock/:item', work: 'take from stock', units: 4, answer: () => ({}) },
  {
    section: 'buy',
    route: 'POST /payment',
    work: 'ask the bank',
    units: 6,
    answer: () => ({ euros: 24 }),
  },
  { section: 'buy', route: 'POST /label', work: 'write label', units: 4, answer: () => ({}) },
  {
    section: 'buy',
    route: 'GET /coupon',
    work: 'check coupon',
    units: 2,
    error: 'the coupon has expired',
  },
  {
    section: 'search',
    route: 'GET /words/:start',
    work: 'look up words',
    units: 2,
    answer: ([start]) => ({ words: [`${start}p`] }),
  },
  {
    section: 'search',
    route: 'GET /found/:word/:page',
    work: 'query index',
    units: 4,
    answer: ([word, page]) => ({ names: [`${word} no. ${page}`, 'plate'] }),
  },
  { section: 'search', route: 'GET /prices', work: 'read prices', units: 5, answer: () => ({}) },
  { section: 'search', route: 'GET /reviews', work: 'read reviews', units: 7, answer: () => ({}) },
  { section: 'search', route: 'GET /offers', work: 'find offers', units: 2, error: 'no offers today' },
].map((found) => ({ ...found, pattern: new RegExp(`^${found.route.replace(/:\w+/g, '([^/]+)')}$`) }));

/** The route of a request and the parameters in its path, `undefined` if there is none. */
export function findRoute(method, path) {
  for (const found of routes) {
    const match = found.pattern.exec(`${method} ${path}`);
    if (match) return { ...found, parameters: match.slice(1).map(decodeURIComponent) };
  }
  return undefined;
}
