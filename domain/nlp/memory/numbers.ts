import { placeholderAt, words } from '../text/index.ts';

/** One sign for all numerals and one for all placeholders, which no text has as words; other words as they are. */
export function kindOf(word: string): string {
  if (placeholderAt(word, 0) >= 0) return 'a placeholder';
  return /^\p{Nd}+$/u.test(word) ? 'a numeral' : word;
}

/**
 * The translation of a segment that differs from `source` in numbers and placeholders only, brought up to date: each
 * number of the old source stands in the translation as often as there, and is exchanged.
 *
 * @returns null when that does not hold, or two places ask for different numbers.
 */
export function exchangeNumbers(source: string, oldSource: string, oldTarget: string): string | null {
  const [now, old] = [source, oldSource].map((text) =>
    words(text).flatMap((w) => (kindOf(w.text) === w.text ? [] : [w.text])),
  );
  if (!now || !old || now.length !== old.length) return null;
  const change = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const [i, from] of old.entries()) {
    const to = now[i] as string;
    if ((change.get(from) ?? to) !== to) return null;
    change.set(from, to);
    counts.set(from, (counts.get(from) ?? 0) + 1);
  }
  let out = '';
  let at = 0;
  for (const word of words(oldTarget)) {
    const to = change.get(word.text);
    if (to === undefined) continue;
    out += oldTarget.slice(at, word.start) + to;
    at = word.end;
    counts.set(word.text, (counts.get(word.text) as number) - 1);
  }
  // What did not change need not stand in the translation as a figure ("2" may be "two" there).
  for (const [from, left] of counts) if (left !== 0 && change.get(from) !== from) return null;
  return out + oldTarget.slice(at);
}
