import { normaliseText, type Random } from '../nlp/index.ts';

/** The ways in which {@link paraphrase} changes a name, one or several at a time. */
export type ParaphraseKind = 'order' | 'plural' | 'abbreviation' | 'missing' | 'slip';

/**
 * A name as somebody might write it from memory, by rule: words in another order, a plural or singular in place of the
 * other, a word cut short, a word left out, a slip of the hand. What is left out is never the last word that remains.
 */
export function paraphrase(name: string, kinds: readonly ParaphraseKind[], random: Random): string {
  let words = normaliseText(name).split(' ').filter(Boolean);
  const long = (least: number): number => {
    const fit = words.flatMap((word, i) => (word.length >= least && /^\p{L}+$/u.test(word) ? [i] : []));
    return fit.length === 0 ? -1 : (fit[random.below(fit.length)] as number);
  };
  for (const kind of kinds) {
    if (kind === 'order') {
      const turn = random.below(Math.max(1, words.length));
      words = [...words.slice(turn), ...words.slice(0, turn)];
      continue;
    }
    if (kind === 'missing') {
      if (words.length > 2) words.splice(random.below(words.length), 1);
      continue;
    }
    const i = long(kind === 'abbreviation' ? 6 : 4);
    const word = words[i];
    if (word === undefined) continue;
    if (kind === 'plural') words[i] = plural(word);
    if (kind === 'abbreviation') words[i] = word.slice(0, 4 + random.below(word.length - 5));
    if (kind === 'slip') words[i] = misspell(word, random);
  }
  return words.join(' ');
}

function plural(word: string): string {
  if (/(?:[sxz]|ch|sh)es$/.test(word)) return word.slice(0, -2);
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/[^s]s$/.test(word)) return word.slice(0, -1);
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(?:[sxz]|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

/** One letter left out, doubled, exchanged with the next, or another in its place; the first stays. */
export function misspell(word: string, random: Random): string {
  const letters = [...word];
  const at = 1 + random.below(Math.max(1, letters.length - 2));
  const letter = letters[at] ?? '';
  const kind = random.below(4);
  if (kind === 0) letters.splice(at, 1);
  else if (kind === 1) letters.splice(at, 0, letter);
  else if (kind === 2) letters.splice(at, 2, letters[at + 1] ?? '', letter);
  else letters[at] = String.fromCharCode(97 + random.below(26));
  return letters.join('');
}
