import { restore } from '../markup/index.ts';
import type { Outcome, SegmentWork } from './outcome.ts';
import { partPlaces } from './part-places.ts';
import type { ServedModel } from './served-model.ts';

/**
 * A segment whose passages all have an outcome with its tags and variables put back ({@link restore}). What a
 * translation lost is placed by the word alignment of the model, where it has one.
 *
 * @param variant which of the translations, from 0; a passage that has no such one gives its first.
 */
export function restoreSegment(
  { masked, passages }: SegmentWork,
  variant: number,
  { align }: Pick<ServedModel, 'align'>,
): ReturnType<typeof restore> {
  const translated = passages.map(({ passage, outcome }) => {
    const { texts } = outcome as Outcome;
    return { passage, translation: passage.undo(texts[variant] ?? (texts[0] as string)) };
  });
  const joined = translated.map(({ passage, translation }) => passage.lead + translation + passage.trail).join('');
  return restore(joined, masked, align ? { align: partPlaces(translated, align) } : {});
}
