import { PerennialError } from '../../../contracts/errors.ts';

/** How often each n-gram of `order` stands in a list; n-grams of words are joined by blanks. */
export function ngramCounts(items: readonly string[], order: number, joint: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i + order <= items.length; i++) {
    const gram = order === 1 ? (items[i] as string) : items.slice(i, i + order).join(joint);
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

/** n-grams that both have, each as often as in the one that has fewer. */
export function matches(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const [gram, count] of a) sum += Math.min(count, b.get(gram) ?? 0);
  return sum;
}

/** Adds up the statistics of sentences. */
export function addUp(rows: readonly Int32Array[], length: number): Float64Array {
  const sum = new Float64Array(length);
  for (const row of rows) for (let i = 0; i < length; i++) sum[i] = (sum[i] as number) + (row[i] as number);
  return sum;
}

/** @throws DATA_MISSING when the two lists have not the same length. */
export function checkPairs(hypotheses: readonly string[], references: readonly string[]): void {
  if (hypotheses.length === references.length) return;
  throw new PerennialError(
    'DATA_MISSING',
    `${hypotheses.length} translations stand against ${references.length} references`,
    { remedy: 'Give one reference for each translation, in the same order.' },
  );
}
