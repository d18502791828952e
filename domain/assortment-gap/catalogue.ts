import { normaliseText } from '../nlp/index.ts';

/** Names of products as sets of words. */
export interface Catalogue {
  readonly names: readonly string[];
  /** Every word of the names, each once, in the order in which they come first. */
  readonly words: readonly string[];
  /** Words of product p: `word[start[p]] … word[start[p + 1] - 1]`, each once. */
  readonly start: Int32Array;
  readonly word: Int32Array;
  /** Inverse document frequency of each word, ln(1 + products / products with it). */
  readonly idf: Float32Array;
}

/** Most words of a name that count. */
const longestName = 16;

/** Reads the names of products. A name without letters and digits has no words; nothing is ever linked to it. */
export function catalogueOf(names: readonly string[]): Catalogue {
  const ids = new Map<string, number>();
  const start = new Int32Array(names.length + 1);
  const word: number[] = [];
  names.forEach((name, p) => {
    const own = [...new Set(normaliseText(name).split(' ').filter(Boolean))].slice(0, longestName);
    for (const text of own) {
      let id = ids.get(text);
      if (id === undefined) {
        id = ids.size;
        ids.set(text, id);
      }
      word.push(id);
    }
    start[p + 1] = word.length;
  });
  const idf = new Float32Array(ids.size);
  for (const id of word) idf[id]!++;
  for (let c = 0; c < idf.length; c++) idf[c] = Math.log(1 + names.length / idf[c]!);
  return { names, words: [...ids.keys()], start, word: Int32Array.from(word), idf };
}
