import { createHash } from 'node:crypto';
import type { TextPairRow } from './corpus.ts';

/**
 * Parts a corpus into training and development set by a hash of the source, so that a sentence that comes again, in this run
 * or a later one, is never on both sides.
 *
 * @param share of the development set, 0 to 1. @param most pairs it may have; the rest stays out of both.
 */
export function holdOut(
  rows: readonly TextPairRow[],
  share: number,
  most: number,
): { train: TextPairRow[]; dev: TextPairRow[] } {
  const train: TextPairRow[] = [];
  const dev: TextPairRow[] = [];
  for (const row of rows) {
    const drawn = createHash('sha256').update(row.source.toLowerCase()).digest().readUInt32LE(0) / 2 ** 32;
    if (drawn >= share) train.push(row);
    else if (dev.length < most) dev.push(row);
  }
  return { train, dev };
}
