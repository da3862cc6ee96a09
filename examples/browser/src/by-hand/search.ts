import { DomainPromise, withOtelSpan } from 'otel-promise-domain';
import { tracer } from '../tracer.js';
import { request } from './request.js';

type Found = { names: string[] };

/** Looks for cups; what a click on "Search" starts. */
export function search(): DomainPromise<string> {
  return withOtelSpan('search', { tracer }, async () => {
    const word = await DomainPromise.from(suggest('cu'));
    const names: string[] = [];
    for (const page of [1, 2]) names.push(...(await readPage(word, page)));
    await DomainPromise.all([loadPrices(), loadReviews()]);
    await loadOffers().catch(() => {}); // a domain promise already
    return withOtelSpan('rank', { tracer }, () => names.sort().join(', '));
  });
}

async function suggest(start: string): Promise<string> {
  const { words } = await DomainPromise.from(request<{ words: string[] }>(`/words/${start}`));
  return withOtelSpan('choose word', { tracer }, () => words[0] ?? start);
}

function readPage(word: string, page: number): DomainPromise<string[]> {
  return withOtelSpan('read page', { tracer, attributes: { page } }, async () => {
    const found = await DomainPromise.from(request<Found>(`/found/${word}/${page}`));
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
