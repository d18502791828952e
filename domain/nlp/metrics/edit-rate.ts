const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

/** Words, and signs of punctuation each for itself; also of scripts without blanks. */
const wordsOf = (text: string): string[] =>
  Array.from(segmenter.segment(text), ({ segment }) => segment).filter((segment) => segment.trim() !== '');

/** Cells of the table at most: some ten milliseconds, in which nothing else is done. */
const mostCells = 4_000_000;

/**
 * Words that have to be inserted, deleted or replaced to make the correction of an answer (Levenshtein 1966), a word of the
 * correction: TER of Snover et al. 2006 without its shifts. 0: the same; it may be above 1. An empty correction counts as one word.
 *
 * @returns for texts of more than some 2,000 words that differ throughout an upper bound: all of them replaced.
 */
export function editRate(answer: string, correction: string): number {
  const [a, b] = [wordsOf(answer), wordsOf(correction)];
  const length = Math.max(1, b.length);
  let from = 0;
  while (from < a.length && from < b.length && a[from] === b[from]) from++;
  let [aTo, bTo] = [a.length, b.length];
  while (aTo > from && bTo > from && a[aTo - 1] === b[bTo - 1]) {
    aTo--;
    bTo--;
  }
  const [rows, columns] = [aTo - from, bTo - from];
  if (rows * columns > mostCells) return Math.max(rows, columns) / length;
  let before = Uint32Array.from({ length: columns + 1 }, (_, i) => i);
  for (let i = 1; i <= rows; i++) {
    const row = new Uint32Array(columns + 1);
    row[0] = i;
    for (let j = 1; j <= columns; j++) {
      const replaced = (before[j - 1] as number) + (a[from + i - 1] === b[from + j - 1] ? 0 : 1);
      row[j] = Math.min(replaced, (before[j] as number) + 1, (row[j - 1] as number) + 1);
    }
    before = row;
  }
  return (before[columns] as number) / length;
}
