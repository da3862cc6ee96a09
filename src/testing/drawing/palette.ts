/** A colour on light and on dark backgrounds; each can be read as text on its background. */
export interface Tone {
  readonly light: string;
  readonly dark: string;
}

/** What everything is drawn on. */
export const paper: Tone = { light: '#ffffff', dark: '#0d1117' };

/** The colours with a meaning of their own; a span has none of them. */
export const tones = {
  ink: { light: '#1f2328', dark: '#e6edf3' },
  muted: { light: '#59636e', dark: '#9198a1' },
  bad: { light: '#cf222e', dark: '#ff7b72' },
};

/** The colours of lines and areas that only order the picture. */
export const quiet = {
  rule: { light: '#d8dee4', dark: '#2a313a' },
  band: { light: '#f4f6f8', dark: '#141a22' },
  domain: { light: '#e8ecf1', dark: '#232b35' },
};

/** The colours of the spans, in their order; then from the beginning again. */
export const spanTones: readonly Tone[] = [
  { light: '#0969da', dark: '#58a6ff' },
  { light: '#1a7f37', dark: '#3fb950' },
  { light: '#8250df', dark: '#bc8cff' },
  { light: '#9a6700', dark: '#d9a520' },
  { light: '#0b7285', dark: '#3bc9db' },
  { light: '#bf3989', dark: '#f778ba' },
  { light: '#4d6a00', dark: '#a3c940' },
  { light: '#5a5fc7', dark: '#9aa5ff' },
];

/** The class of the colour of the span with this index. */
export function spanTone(index: number): string {
  return `k${index % spanTones.length}`;
}
