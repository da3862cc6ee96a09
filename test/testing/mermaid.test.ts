import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawMermaid, escapeMermaid } from '../../src/testing/mermaid.js';
import { anyText, anyTimeline } from './support/random-timelines.js';
import { inTicks, type SampleStep } from './support/sample-steps.js';
import { acceptance, endedTwice, lostSpan, samples } from './support/sample-timelines.js';

/** The statements that Mermaid would refuse, or read in another way than they are meant. */
function faults(diagram: string): readonly string[] {
  const [head, ...lines] = diagram.trimEnd().split('\n');
  const found: string[] = head === 'sequenceDiagram' ? [] : [`head: ${head}`];
  const participants = new Set<string>();
  const active = new Set<string>();
  const text = String.raw`(?:[^#;<>%{}$"&@\n]|#\d+;)+`;
  for (const line of lines) {
    const match = new RegExp(
      `^  (?:participant (?<participant>\\w+) as ${text}|title ${text}|activate (?<on>\\w+)|deactivate (?<off>\\w+)|Note over (?<over>\\w+): ${text}|(?<from>\\w+)(?:->>|-->>|-x)(?<to>\\w+): ${text})$`,
    ).exec(line);
    if (match?.groups === undefined) found.push(`not a statement: ${line}`);
    else {
      const { participant, on, off, over, from, to } = match.groups;
      if (participant !== undefined) participants.add(participant);
      for (const one of [on, off, over, from, to]) {
        if (one !== undefined && !participants.has(one)) found.push(`not a participant: ${line}`);
      }
      if (on !== undefined && active.has(on)) found.push(`active before: ${line}`);
      if (on !== undefined) active.add(on);
      if (off !== undefined && !active.delete(off)) found.push(`not active: ${line}`);
    }
  }
  return [...found, ...[...active].map((one) => `active at the end: ${one}`)];
}

function decode(text: string): string {
  return text.replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
}

describe('drawMermaid()', () => {
  it('draws the acceptance timeline', () => {
    expect(decode(drawMermaid(acceptance))).toMatchInlineSnapshot(`
      "sequenceDiagram
        title The acceptance timeline
        participant run as program
        participant s1 as span async_op
        participant c1 as chain 1
        Note over run: t0.0 enter domain otel
        run->>s1: t0.1 start span async_op
        activate s1
        Note over s1: t0.2 activate async_op
        run->>c1: t0.3 #1 then(someAsyncWork) captures async_op
        Note over s1: t0.4 deactivate async_op
        run->>c1: t0.5 #2 then(moreAsyncWork) after #1 captures nothing: no active span
        Note over run: t0.6 leave domain otel
        run->>c1: t0.7 #3 then(finalWork) after #2 captures nothing: no domain
        s1-->>c1: t1.0 #1 someAsyncWork runs, async_op active
        Note over c1: t1.1 #1 someAsyncWork returns
        run->>s1: t2.0 end span async_op
        deactivate s1
        Note over c1: t3.0 #2 moreAsyncWork runs, no active span
        Note over c1: t3.1 #2 moreAsyncWork returns
        Note over c1: t4.0 #3 finalWork runs, no active span
        Note over c1: t4.1 #3 finalWork returns
        Note over run: t5.0 mark: pFinal has resolved
        Note over run: fulfilled
      "
    `);
  });

  it.each(Object.entries(samples))(
    'writes statements that Mermaid reads, each activation ended once: %s',
    (_, timeline) => {
      expect(faults(drawMermaid(timeline))).toEqual([]);
    },
  );

  it('writes statements that Mermaid reads, whatever the program does', () => {
    fc.assert(
      fc.property(anyTimeline(), (timeline) => {
        expect(faults(drawMermaid(timeline))).toEqual([]);
      }),
    );
  });

  it.each(Object.entries(samples))('has one statement for each step: %s', (_, timeline) => {
    const drawn = [...drawMermaid(timeline).matchAll(/: (t\d+\.\d+) /g)].map(([, at]) => at);
    expect(drawn).toEqual(timeline.steps.map(({ at }) => at));
  });

  it('draws a second end as a message that is lost, and leaves a span open that started outside', () => {
    const diagram = drawMermaid(endedTwice);
    expect(diagram).toContain('  c1-xs2: t2.1 end span parse again');
    expect(diagram).toMatch(/activate s1\n {2}Note over run: t0\.0/);
    expect(diagram).not.toContain('never ended');
  });

  it('says which span was lost, and which is never ended', () => {
    const diagram = drawMermaid(lostSpan);
    expect(decode(diagram)).toContain('Note over c1: t1.0 #1 charge runs, lost checkout, no active span');
    expect(diagram).toContain('  Note over s1: never ended\n  deactivate s1\n');
  });

  it('stays below what Mermaid draws, and says what it leaves out', () => {
    const marks = Array.from({ length: 500 }, (): SampleStep => ({ kind: 'mark', label: '<'.repeat(30) }));
    const steps = inTicks([marks]);
    const diagram = drawMermaid({ steps, spans: [], outcome: 'fulfilled' });
    expect(diagram.length).toBeLessThan(50_000);
    expect(diagram).toMatch(/Note over run: \d+ more steps are not drawn/);
    expect(faults(diagram)).toEqual([]);
  });
});

describe('escapeMermaid()', () => {
  it('writes what means something to Mermaid as codes', () => {
    expect(escapeMermaid('a; #1 <b> %% "c" --> d')).toBe(
      'a#59; #35;1 #60;b#62; #37;#37; #34;c#34; #45;#45;#62; d',
    );
  });

  it('keeps what can be read', () => {
    expect(escapeMermaid('t1.0 loadUser() runs: GET /users, isn’t it?')).toBe(
      't1.0 loadUser() runs: GET /users, isn#8217;t it?',
    );
  });

  it('writes one line, without what cannot be seen', () => {
    expect(escapeMermaid('two\n\tlines \u202eb')).toBe('two lines b');
  });

  it('takes words apart that are directives', () => {
    expect(escapeMermaid('wrap: style classDef')).toBe('#119;rap: #115;tyle #99;lassDef');
  });

  it('loses nothing', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const escaped = escapeMermaid(text);
        expect(escaped).not.toMatch(/[;#](?<!#\d+;)(?!\d+;)|[<>%{}$"&@\n]/);
        expect(escapeMermaid(decode(escaped))).toBe(escaped);
      }),
    );
  });
});
