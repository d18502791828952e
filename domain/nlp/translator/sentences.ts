import type { TranslatedSentence } from '../../../contracts/translation.ts';
import type { Outcome, SegmentWork } from './outcome.ts';
import { substitute } from './passage.ts';

/** How each passage of a text's segments came about; all have an outcome. Passages without anything to read are left out. */
export function sentencesOf(segments: readonly SegmentWork[]): TranslatedSentence[] {
  return segments.flatMap(({ masked, passages }) => {
    const written = (text: string): string => substitute(text, (i) => masked.parts[i]?.content ?? '').trim();
    return passages.flatMap(({ passage, outcome }) => {
      const { texts, origin, meanLogProbability, match, terms, warnings } = outcome as Outcome;
      const source = written(passage.original);
      if (source === '') return [];
      const target = written(passage.undo(texts[0] as string));
      return [{ source, target, origin, confidence: Math.exp(meanLogProbability), match, terms, warnings }];
    });
  });
}
