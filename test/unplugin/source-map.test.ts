import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { expect, test } from 'vitest';
import { transformAwaits } from '../../src/unplugin/index.js';

const source = `'use strict'
import first from 'first';
export async function* generate(alpha: string) {
  const beta = await (alpha as Promise<string>); await/* c */gamma;
  yield beta.delta(epsilon, await zeta)
  for await (const eta of theta(iota)) { await using kappa = await lambda, mu = nu; }
  outer: for (await using xi = omicron; pi; rho) { sigma; }
  for (await using tau of upsilon) phi(tau);
  yield* chi; return psi && omega;
}
`;

test('the map takes every identifier that is left back to its place', () => {
  const result = transformAwaits(source, '/src/a.ts');
  const map = new TraceMap(result?.map.toString() ?? '');
  const places = wordsOf(source);
  let checked = 0;
  for (const [name, positions] of wordsOf(result?.code ?? '')) {
    // What the helpers name once more, and keywords, have no place of their own.
    const expected = places.get(name);
    if (
      !expected ||
      positions.length !== expected.length ||
      /^(?:await|using|const|import|from|for|yield)$/.test(name)
    )
      continue;
    expect(
      positions
        .map((position) => originalPositionFor(map, position))
        .map(({ line, column }) => ({ line, column })),
      name,
    ).toEqual(expected);
    checked += 1;
  }
  expect(checked).toBeGreaterThan(25);
  expect(map.sources).toEqual(['/src/a.ts']);
  expect(map.sourcesContent).toEqual([source]);
});

test('the lines stay what they are', () => {
  expect(transformAwaits(source, '/src/a.ts')?.code.split('\n').length).toBe(source.split('\n').length);
});

function wordsOf(code: string): Map<string, { line: number; column: number }[]> {
  const words = new Map<string, { line: number; column: number }[]>();
  for (const [index, text] of code.split('\n').entries())
    for (const { 0: word, index: column } of text.matchAll(/[a-z]\w*/gi))
      words.set(word, [...(words.get(word) ?? []), { line: index + 1, column }]);
  return words;
}
