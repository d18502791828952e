import { placeholderAt } from '../text/index.ts';

/** A blank within a subword; SentencePiece's sign (U+2581). The same sign in a text is written as bytes. */
export const blankSign = '▁';

/** Longest word given to the merges, in UTF-16 units; what is longer is cut, so that hostile input stays linear. */
const longest = 64;

/**
 * Words a text falls into before the merges: a run of letters, a single digit (numbers are copied digit by digit), a
 * run of other characters, each with the blank before it, or one placeholder. Joined they are the text again, after
 * the blank that is put before a text unless it starts with a placeholder (Kudo and Richardson 2018).
 */
export function pieces(text: string, first: boolean): string[] {
  if (text === '') return [];
  const given = first && placeholderAt(text, 0) < 0 ? ` ${text}` : text;
  const out: string[] = [];
  const pattern =
    / ?\p{L}[\p{L}\p{M}]*| ?\p{N}| ?[^ \p{L}\p{N}\uE000-\uF8FF]+|[\uE000-\uF8FF]| (?=[ \uE000-\uF8FF]|$)/gu;
  for (const [word] of given.matchAll(pattern)) {
    if (word.length <= longest) {
      out.push(word);
      continue;
    }
    for (let at = 0; at < word.length; ) {
      let to = Math.min(at + longest, word.length);
      // A surrogate pair stays whole.
      if (to < word.length && (word.charCodeAt(to - 1) & 0xfc00) === 0xd800) to--;
      out.push(word.slice(at, to));
      at = to;
    }
  }
  return out;
}
