/** What means itself in every shell: no pattern, no history, no job. */
const plain = /^[\w@:,./+-]+$/;

/** The same for words after the first, which would be an assignment; at the start of a word it means something in zsh. */
const plainLater = /^[\w@:,./+-][\w@:,./+=-]*$/;

/** The words as a POSIX shell reads them back, whatever they hold. They must hold no NUL, as no argument can. */
export function quote(words: readonly string[]): string {
  return words
    .map((word, index) =>
      (index === 0 ? plain : plainLater).test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`,
    )
    .join(' ');
}

/** A command that reads `input`, as text for a POSIX shell that nothing in the input is special in. */
export function quoteWithInput(words: readonly string[], input: string): string {
  const lines = input.split('\n');
  let end = 'EOF';
  while (lines.includes(end)) end += '_';
  return `${quote(words)} <<'${end}'\n${input}${input.endsWith('\n') ? '' : '\n'}${end}`;
}
