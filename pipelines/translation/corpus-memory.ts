import { MemoryIndex, type MemoryLookUp } from '../../domain/nlp/translator/index.ts';
import type { TextPairRow } from './corpus.ts';

/** Memory of an index, in bytes, beyond which none is made: some 700,000 segments. */
const largest = 768 * 2 ** 20;

/**
 * Cleaned, masked rows as a memory that is looked into as serving does. Exact matches come out of the look-up of
 * similar ones, which finds them too.
 *
 * @returns null when the rows are too many to be held.
 */
export function corpusMemory(rows: Iterable<Pick<TextPairRow, 'source' | 'target'>>): MemoryLookUp | null {
  const index = new MemoryIndex('memories');
  for (const { source, target } of rows) {
    index.add({ id: String(index.size), source, target });
    if (index.bytes > largest) return null;
  }
  return { exact: async () => new Map(), similar: (masked, threshold) => index.similar(masked, threshold) };
}
