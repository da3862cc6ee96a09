import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawHTML } from '../../../src/testing/drawing/html.js';
import { drawSVG } from '../../../src/testing/drawing/svg.js';
import { xmlFaults } from '../support/drawn.js';
import { anyTimeline } from '../support/random-timelines.js';
import { acceptance, endedTwice, samples } from '../support/sample-timelines.js';

/** The page without what is not XML: the document type, the rules, the script, and elements without an end. */
function asXml(html: string): string {
  return html
    .replace('<!doctype html>\n', '')
    .replace(/<script>[\s\S]*?<\/script>/, '')
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<meta [^>]*>/g, '');
}

describe('drawHTML()', () => {
  it('writes a complete page with the drawing in it', () => {
    const html = drawHTML(acceptance);
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">/);
    expect(html).toContain('<meta name="viewport"');
    expect(html).toContain('<title>The acceptance timeline</title>');
    expect(html).toContain(drawSVG(acceptance).trimEnd());
  });

  it.each(Object.entries(samples))('has a row for each step and each span: %s', (_, timeline) => {
    const html = drawHTML(timeline);
    expect(html.match(/<tr tabindex="0"[^>]* data-step=/g)?.length ?? 0).toBe(timeline.steps.length);
    expect(html.match(/<tr tabindex="0" data-span=/g)?.length ?? 0).toBe(timeline.spans.length);
  });

  it('says in a row what happens, and what is active', () => {
    const html = drawHTML(endedTwice);
    expect(html).toContain('<tr tabindex="0" data-step="t1.2" data-call="1">');
    expect(html).toContain('<th scope="row">t1.2</th><td>#1 readHeader throws RangeError: out of range</td>');
    expect(html).toContain(
      '<td>t1.1, again t2.1</td><td>error: out of range</td><td>RangeError</td><td>yes</td>',
    );
  });

  it('needs nothing from elsewhere', () => {
    for (const timeline of Object.values(samples)) {
      const elsewhere = drawHTML(timeline)
        .replaceAll('http://www.w3.org/2000/svg', '')
        .match(/(?:src|href|action)=|https?:|url\(|@import|fetch\(|import\(/g);
      expect(elsewhere).toBeNull();
    }
  });

  it('has one script, whatever the program has named', () => {
    fc.assert(
      fc.property(anyTimeline(), (timeline) => {
        const html = drawHTML(timeline);
        expect(html.match(/<script/gi)).toHaveLength(1);
        expect(html.match(/<\/script/gi)).toHaveLength(1);
        expect(xmlFaults(asXml(html))).toEqual([]);
      }),
    );
  });

  it('has a script that can be parsed', () => {
    const script = /<script>([\s\S]*)<\/script>/.exec(drawHTML(acceptance))?.[1] ?? '';
    expect(script.length).toBeGreaterThan(500);
    expect(() => new Function(script)).not.toThrow();
  });
});
