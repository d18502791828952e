import { placeholderAt } from '../text/index.ts';

/**
 * How upper case is written.
 * - `cased`: as it stands.
 * - `sentence`: the first word of a sentence in the form it has within sentences; the capital comes back in decoding.
 *   Costs no token, and a word at the start shares its subwords with the same word elsewhere.
 * - `inline`: every word in lower case behind a token that says "capitalised" or "all capitals" (Bérard et al. 2019).
 */
export type Casing = 'cased' | 'sentence' | 'inline';

/** The first character in upper case where that can be undone, else unchanged. */
export function capitalise(text: string): string {
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
  const upper = first.toUpperCase();
  return text !== '' && upper.toLowerCase() === first ? upper + text.slice(first.length) : text;
}

/** Offset of the first letter of a text if no digit stands before it, else -1. */
export function firstLetter(text: string): number {
  const match = /[\p{L}\p{N}]/u.exec(text);
  return match && /\p{L}/u.test(match[0]) ? match.index : -1;
}

const runOfLetters = /\p{L}[\p{L}\p{M}]*/uy;

function letters(text: string, at: number): string {
  runOfLetters.lastIndex = at;
  return runOfLetters.exec(text)?.[0] ?? '';
}

/**
 * Sentence casing: the text with its first word as it is written within sentences, if `lowerable` knows the word, and
 * whether decoding must leave the start as it is because it was in lower case already (`low`).
 */
export function lowerStart(text: string, lowerable: ReadonlySet<string> | undefined): { text: string; low: boolean } {
  const at = firstLetter(text);
  if (at < 0) return { text, low: false };
  const word = letters(text, at);
  if (capitalise(word) !== word) return { text, low: true };
  const lower = word.toLowerCase();
  if (!lowerable?.has(lower) || lower === word || capitalise(lower) !== word) return { text, low: false };
  return { text: text.slice(0, at) + lower + text.slice(at + word.length), low: false };
}

/** Undoes {@link lowerStart}. */
export function raiseStart(text: string): string {
  const at = firstLetter(text);
  return at < 0 ? text : text.slice(0, at) + capitalise(text.slice(at));
}

/** Inline casing of one word (with or without a blank before it): the mark in front, and the word in lower case. */
export function lowerWord(word: string): { mark: 'cap' | 'upper' | null; word: string } {
  const blank = word.startsWith(' ') ? ' ' : '';
  const bare = word.slice(blank.length);
  if (bare === '' || placeholderAt(bare, 0) >= 0 || letters(bare, 0) !== bare) return { mark: null, word };
  const lower = bare.toLowerCase();
  // A word that long was cut before: its parts cannot be told apart in decoding.
  if (lower === bare || lower.length !== bare.length || bare.length > 40) return { mark: null, word };
  if (capitalise(lower) === bare) return { mark: 'cap', word: blank + lower };
  if (lower.toUpperCase() === bare) return { mark: 'upper', word: blank + lower };
  return { mark: null, word };
}

/** Undoes {@link lowerWord} in a text, for the mark that stood at `at`: it counts for the next word only. */
export function raiseWord(text: string, at: number, mark: 'cap' | 'upper'): string {
  const from = text.startsWith(' ', at) ? at + 1 : at;
  const word = letters(text, from);
  const raised = mark === 'cap' ? capitalise(word) : word.toUpperCase();
  // A form of another length ("ß" has none of its own) would move the marks behind it.
  return raised.length === word.length ? text.slice(0, from) + raised + text.slice(from + word.length) : text;
}

/**
 * Words of a language that are written in lower case within sentences more often than with a capital (a truecaser, as
 * in Lita et al. 2003); a word must stand there twice in lower case. Sorted.
 */
export function lowerableWords(texts: Iterable<string>): string[] {
  const seen = new Map<string, { lower: number; capital: number }>();
  for (const text of texts) {
    const start = firstLetter(text);
    for (const match of text.matchAll(/\p{L}[\p{L}\p{M}]*/gu)) {
      // After a full stop or a quotation mark a capital says nothing.
      if (match.index === start || /[.!?:…"“”„«»]\s*$/u.test(text.slice(Math.max(0, match.index - 3), match.index)))
        continue;
      const [word] = match;
      const lower = word.toLowerCase();
      const isLower = lower === word;
      if (!isLower && capitalise(lower) !== word) continue;
      const counts = seen.get(lower) ?? { lower: 0, capital: 0 };
      if (isLower) counts.lower++;
      else counts.capital++;
      seen.set(lower, counts);
    }
  }
  return [...seen]
    .filter(([, counts]) => counts.lower >= 2 && counts.lower > counts.capital)
    .map(([word]) => word)
    .sort();
}
