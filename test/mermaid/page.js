// Draws every diagram with Mermaid, and sends what is wrong with each.
/* global mermaid, diagrams */

const spaced = (text) => text.replace(/\s+/g, ' ').trim();

/** `#35;` is what a diagram has for `#`. */
const decoded = (text) => text.replace(/#(\d+);/g, (_entity, code) => String.fromCodePoint(code));

async function faultOf(diagram, id) {
  try {
    await mermaid.parse(diagram);
    const { svg } = await mermaid.render(id, diagram);
    if (svg.includes('aria-roledescription="error"')) return 'an error is drawn';
    const box = document.createElement('div');
    box.innerHTML = svg;
    if (box.querySelector('script, [onload], [onclick], [onerror]')) return 'markup of a name got through';
    const drawn = new Set([...box.querySelectorAll('text')].map(({ textContent }) => spaced(textContent)));
    const sentences = [...diagram.matchAll(/: (t\d+\.\d+ .*)$/gm)].map(([, text]) => spaced(decoded(text)));
    const missing = sentences.find((sentence) => !drawn.has(sentence));
    return missing === undefined ? undefined : `not drawn: ${missing}`;
  } catch (error) {
    return String(error).slice(0, 400);
  }
}

mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' });
const faults = [];
for (const [index, [name, diagram]] of diagrams.entries()) {
  const fault = await faultOf(diagram, `diagram-${index}`);
  if (fault) faults.push(`${name}: ${fault}`);
}
await fetch('/faults', { method: 'POST', body: JSON.stringify({ count: diagrams.length, faults }) });
