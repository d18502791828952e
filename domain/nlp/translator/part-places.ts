import { type PartAlignment, wordAlignment } from '../markup/index.ts';
import type { Link } from '../terminology/index.ts';
import { placeholderAt, words } from '../text/index.ts';
import type { Passage } from './passage.ts';
import type { ServedModel } from './served-model.ts';

/** A passage and its translation with the placeholders of the segment. */
export interface TranslatedPassage {
  readonly passage: Pick<Passage, 'original' | 'lead' | 'trail'>;
  readonly translation: string;
}

/**
 * Where parts of a segment belong in its translation, by the word alignment of the passage that they stand in. A passage
 * is aligned once it is asked for: nothing is computed while the model brings all parts along.
 *
 * @param passages of the segment, in order; joined they are the segment, and their translations its translation.
 */
export function partPlaces(
  passages: readonly TranslatedPassage[],
  align: NonNullable<ServedModel['align']>,
): PartAlignment {
  let [sourceEnd, targetEnd] = [0, 0];
  const pieces = passages.map(({ passage: { original, lead, trail }, translation }) => {
    const [source, target] = [sourceEnd + lead.length, targetEnd + lead.length];
    sourceEnd = source + original.length + trail.length;
    targetEnd = target + translation.length + trail.length;
    let known: PartAlignment | null = null;
    const place: PartAlignment = (...asked) => {
      known ??= wordAlignment(original, translation, linksOf(original, translation, align));
      return known(...asked);
    };
    return { source, end: sourceEnd, target, place };
  });
  return (offset, side, partner) => {
    const piece = pieces.find(({ end }) => offset < end) ?? pieces.at(-1);
    if (piece === undefined) return 0;
    const { source, target, place } = piece;
    // The partner may stand in another passage: then all on its side of this one is marked.
    return target + place(offset - source, side, partner === undefined ? partner : partner - source);
  };
}

/** Links of the words of a passage and its translation. Parts that were lost would only stand between words that belong together. */
function linksOf(source: string, target: string, align: NonNullable<ServedModel['align']>): readonly Link[] {
  const isLost = (text: string) => placeholderAt(text, 0) >= 0 && !target.includes(text);
  const kept = words(source).flatMap(({ text }, i) => (isLost(text) ? [] : [i]));
  const bare = [...source].map((character) => (isLost(character) ? ' ' : character)).join('');
  // A part within a word: then words are others without it.
  if (words(bare).length !== kept.length) return align({ source, target });
  return align({ source: bare, target }).map(([i, j]) => [kept[i] as number, j]);
}
