import type { Random } from '../domain/nlp/random.ts';

/** A noun, and the words that people translate it by. */
export interface Noun {
  readonly source: string;
  /** Beginnings of these words; endings may follow. */
  readonly usual: readonly string[];
}

/** Nouns as a CSV file has them: `source,usual`, several usual words parted by `/`, below a line of names. */
export function parseNouns(csv: string): Noun[] {
  return csv
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','))
    .map(([source = '', usual = '']) => ({
      source: source.trim(),
      usual: usual.split('/').map((word) => word.trim()),
    }));
}

const onsets = 'B D F G K L M N P R S T W Z Br Fl Gr Kn Schl Tr'.split(' ');
const vowels = ['a', 'e', 'i', 'o', 'u', 'au', 'ei'];
const codas = ['', '', 'l', 'm', 'n', 'r', 's', 'lk', 'mp', 'nd', 'rt', 'x'];

/**
 * Words that stand in none of `texts`, all different, of two or three syllables with a capital.
 *
 * @param random decides on them.
 */
export function inventWords(count: number, texts: readonly string[], random: Random): string[] {
  const known = texts.join('\n').toLowerCase();
  const words = new Set<string>();
  const of = (list: readonly string[]) => list[random.below(list.length)] as string;
  while (words.size < count) {
    const syllables = Array.from({ length: 2 + random.below(2) }, () => of(onsets) + of(vowels) + of(codas));
    const word = syllables.join('').toLowerCase();
    if (known.includes(word)) continue;
    words.add(word.slice(0, 1).toUpperCase() + word.slice(1));
  }
  return [...words];
}

/** Letters that an ending may have: what is longer is a compound. */
const longestEnding = 2;

/**
 * A reference with invented words for the usual ones.
 *
 * @returns null where a noun has none of its usual words in it, or more than one.
 */
export function exchange(
  reference: string,
  terms: readonly (readonly [noun: Noun, invented: string])[],
): string | null {
  let out: string | null = reference;
  for (const [{ usual }, invented] of terms) {
    const form = new RegExp(String.raw`(?<!\p{L})(?:${usual.join('|')})\p{Ll}{0,${longestEnding}}(?!\p{L})`, 'gu');
    if (out === null || (out.match(form) ?? []).length !== 1) return null;
    out = out.replace(form, invented);
  }
  return out;
}
