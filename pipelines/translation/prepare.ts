import { createHash } from 'node:crypto';
import { mask } from '../../domain/nlp/markup/index.ts';
import { placeholder, placeholderPattern } from '../../domain/nlp/text/index.ts';
import type { TextPairRow } from './corpus.ts';

/**
 * Masks what must come back as it is (tags, variables, addresses) on both sides, the same thing by the same placeholder.
 *
 * @returns null when the sides do not have the same things: such a pair would teach to lose them.
 */
export function maskPair({ source, target, domain }: TextPairRow): TextPairRow | null {
  const left = mask(source);
  const right = mask(target);
  if (left.parts.length !== right.parts.length) return null;
  const free = new Map<string, number[]>();
  for (const [i, { content }] of left.parts.entries()) free.set(content, [...(free.get(content) ?? []), i]);
  const numbers: number[] = [];
  for (const { content } of right.parts) {
    const index = free.get(content)?.shift();
    if (index === undefined) return null;
    numbers.push(index);
  }
  let at = 0;
  const text = [...right.text]
    .map((character) => (placeholderPattern.test(character) ? placeholder(numbers[at++] ?? 0) : character))
    .join('');
  return { source: left.text, target: text, domain };
}

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
