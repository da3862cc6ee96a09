const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

// XML 1.0 has no way to write these characters, not even as a reference.
const unwritable = /[^\P{Cc}\n\r\t]|\p{Surrogate}|[\uFFFE\uFFFF]/gu;

// They have no width of their own, or turn the text that follows around.
const invisible = /[\u00AD\u061C\u200B\u200C\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF]/gu;

const joiners = /[\u200D\p{M}\p{Emoji_Modifier}]+$/u;

/** The text with a visible character for each that XML cannot hold. */
function writable(text: string): string {
  return text.replace(unwritable, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\uFFFD';
  });
}

/** Text for the content and the attributes of XML and HTML. */
export function escapeMarkup(text: string): string {
  return writable(text).replace(/[&<>"'\n\r\t]/g, (character) => references[character] ?? character);
}

/** The text in one line, without what cannot be seen. */
export function oneLine(text: string): string {
  return writable(text.replace(/\s+/gu, ' ').replace(invisible, '').trim());
}

/** The text in one line of at most `length` characters, the last one `…` where something is left out. */
export function shorten(text: string, length: number): string {
  const characters = [...oneLine(text)];
  if (characters.length <= length) return characters.join('');
  return `${characters
    .slice(0, length - 1)
    .join('')
    .replace(joiners, '')
    .trimEnd()}…`;
}
