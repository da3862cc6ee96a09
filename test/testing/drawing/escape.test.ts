import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeMarkup, oneLine, shorten } from '../../../src/testing/drawing/escape.js';
import { drawSVG } from '../../../src/testing/drawing/svg.js';
import { inTicks } from '../support/sample-steps.js';

describe('escapeMarkup()', () => {
  it('writes what ends elements and attributes as references', () => {
    expect(escapeMarkup(`<a href="x">&'</a>`)).toBe('&lt;a href=&quot;x&quot;&gt;&amp;&#39;&lt;/a&gt;');
  });

  it('keeps line ends in attributes', () => {
    expect(escapeMarkup('a\r\n\tb')).toBe('a&#13;&#10;&#9;b');
  });

  it('replaces what XML cannot hold', () => {
    expect(escapeMarkup('a\u0000b\u001bc\ud800d\uffffe\u0085')).toBe('a\u2400b\u241bc\ufffdd\ufffde\ufffd');
  });

  it('leaves emoji alone', () => {
    expect(escapeMarkup('👩‍👧 é 漢')).toBe('👩‍👧 é 漢');
  });
});

describe('shorten()', () => {
  it('keeps what is short enough, in one line', () => {
    expect(shorten(' two\n lines ', 20)).toBe('two lines');
    expect(oneLine('a\u202eb\u200bc')).toBe('abc');
  });

  it('ends what is too long with an ellipsis', () => {
    expect(shorten('abcdefghij', 5)).toBe('abcd…');
  });

  it('does not split a pair, nor end with a joiner', () => {
    expect(shorten('😀😀😀😀', 3)).toBe('😀😀…');
    expect(shorten('abc👩‍👧def', 6)).toBe('abc👩…');
  });

  it('is never longer than asked for, and holds nothing that XML has not', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 30 }), (text, length) => {
        const short = shorten(text, length);
        expect([...short].length).toBeLessThanOrEqual(length);
        expect(short).not.toMatch(/\p{Surrogate}|\p{Cc}/u);
      }),
    );
  });

  it('leaves the whole text to be read under the pointer', () => {
    const label = `${'very '.repeat(60)}long <label>`;
    const svg = drawSVG({ steps: inTicks([[{ kind: 'mark', label }]]), spans: [], outcome: 'fulfilled' });
    expect(svg).toContain(`<title>mark: ${escapeMarkup(label)}</title>`);
    expect(svg).toContain('>very very very very very very…</text>');
  });
});
