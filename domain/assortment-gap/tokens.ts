import { normaliseText } from '../nlp/index.ts';
import { words } from '../nlp/text/index.ts';

export interface Token {
  /** In lower case, without accents. */
  readonly word: string;
  /** Offsets in the text. */
  readonly start: number;
  readonly end: number;
}

/** Most words of a sentence that are read; a sentence beyond it is a list that somebody forgot to part. */
export const longestSentence = 64;

/** The words of a sentence with their places, at most {@link longestSentence}. */
export function tokensOf(sentence: string): Token[] {
  const out: Token[] = [];
  for (const { text, start, end, kind } of words(sentence)) {
    if (kind !== 'word') continue;
    const word = normaliseText(text).replaceAll(' ', '');
    if (word === '') continue;
    out.push({ word, start, end });
    if (out.length === longestSentence) break;
  }
  return out;
}

/** Words of a sentence that stand together: parted where there is a sign that is no blank, hyphen or apostrophe. */
export function clausesOf(sentence: string): Token[][] {
  const out: Token[][] = [];
  let end = -1;
  for (const token of tokensOf(sentence)) {
    if (end < 0 || /[^\s'’-]/u.test(sentence.slice(end, token.start))) out.push([]);
    (out.at(-1) as Token[]).push(token);
    end = token.end;
  }
  return out;
}
