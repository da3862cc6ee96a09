import { withOtelSpan } from 'otel-promise-domain';
import { tracer } from '../tracer.js';
import { request } from './request.js';

type Found = { names: string[] };

/** Looks for cups; what a click on "Search" starts. */
export function search(): Promise<string> {
  return withOtelSpan('search', { tracer }, async () => {
    const word = await suggest('cu');
    const names: string[] = [];
    for (const page of [1, 2]) names.push(...(await readPage(word, page)));
    await Promise.all([loadPrices(), loadReviews()]);
    await loadOffers().catch(() => {});
    return withOtelSpan('rank', { tracer }, () => names.sort().join(', '));
  });
}

async function suggest(start: string): Promise<string> {
  const { words } = await request<{ words: string[] }>(`/words/${start}`);
  return withOtelSpan('choose word', { tracer }, () => words[0] ?? start);
}

function readPage(word: string, page: number): Promise<string[]> {
  return withOtelSpan('read page', { tracer, attributes: { page } }, async () => {
    const found = await request<Found>(`/found/${word}/${page}`);
    return withOtelSpan('filter', { tracer }, () => found.names.filter((name) => name.includes(word)));
  });
}

function loadPrices() {
  return withOtelSpan('load prices', { tracer }, () => request('/prices'));
}

function loadReviews() {
  return withOtelSpan('load reviews', { tracer }, () => request('/reviews'));
}

function loadOffers() {
  return withOtelSpan('load offers', { tracer }, () => request('/offers'));
}
