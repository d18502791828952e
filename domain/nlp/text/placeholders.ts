/** First of the private-use characters that stand for masked parts of a text (tags, variables, addresses). */
const firstPlaceholder = 0xe000;
/** Last of them: the end of the private-use area of the basic plane. */
const lastPlaceholder = 0xf8ff;

/** One private-use character; no state, so `test` and `replace` may share it. */
export const placeholderPattern = /[\uE000-\uF8FF]/;

/** The character that stands for placeholder `index` (0 to 6,399). */
export function placeholder(index: number): string {
  return String.fromCharCode(firstPlaceholder + index);
}

/** The index of the placeholder that starts at `text[at]`, or -1. */
export function placeholderAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= firstPlaceholder && code <= lastPlaceholder ? code - firstPlaceholder : -1;
}

/** Indices of the placeholders of a text, in order. */
export function placeholdersOf(text: string): number[] {
  const out: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const index = placeholderAt(text, i);
    if (index >= 0) out.push(index);
  }
  return out;
}
