export interface Word {
  readonly text: string;
  /** Offset of its first UTF-16 unit. */
  readonly start: number;
  /** Offset after its last one. */
  readonly end: number;
  /** `word`: letters and digits; `symbol`: one other character that is not white space. */
  readonly kind: 'word' | 'symbol';
}

/**
 * Words and symbols of a text with their places. A word is a run of letters, marks and digits; in scripts that are
 * written without blanks (Han, kana) each character is one. Every other character that is not white space stands
 * alone. Linear in the length of the text.
 */
export function words(text: string): Word[] {
  const out: Word[] = [];
  const pattern =
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{M}\p{N}])+|(\S)/gu;
  for (const match of text.matchAll(pattern)) {
    const kind = match[1] === undefined ? 'word' : 'symbol';
    out.push({ text: match[0], start: match.index, end: match.index + match[0].length, kind });
  }
  return out;
}
