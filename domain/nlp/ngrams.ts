/** Lower case without accents, only letters and digits, words split by one blank. */
export function normaliseText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/**
 * Hashed words and subwords of a text (Bojanowski et al. 2017): every word, every pair of neighbouring words, and the
 * character 3- to 4-grams of each word with its borders marked. Bucket 0 is kept for padding.
 *
 * @returns ids from 1 to below `buckets`, each once, words first, at most `limit` of them; none for an empty text.
 */
export function hashedNgrams(text: string, buckets: number, limit: number): number[] {
  const words = normaliseText(text).split(' ').filter(Boolean);
  const ids = new Set<number>();
  const add = (gram: string) => {
    if (ids.size < limit) ids.add(1 + (hash(gram) % (buckets - 1)));
  };
  for (const word of words) add(`w:${word}`);
  for (let i = 1; i < words.length; i++) add(`b:${words[i - 1]} ${words[i]}`);
  for (const n of [4, 3]) {
    for (const word of words) {
      const marked = `<${word}>`;
      for (let i = 0; i + n <= marked.length; i++) add(marked.slice(i, i + n));
    }
  }
  return [...ids];
}
