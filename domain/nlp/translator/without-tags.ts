import { OverloadError } from '../../serving/index.ts';
import { renumber } from '../markup/index.ts';
import { placeholderAt, placeholderPattern } from '../text/index.ts';
import type { SimilarHit } from './look-up.ts';
import type { Outcome, SegmentWork } from './outcome.ts';
import type { Passage } from './passage.ts';
import type { PassageDecoding } from './passage-decoding.ts';
import { restoreSegment } from './restore-segment.ts';
import type { ServedModel } from './served-model.ts';

/**
 * Translates anew, without tags, the passages of segments in which the model lost most of them: among tags such as it
 * has never seen (deeply nested, very many) it errs in the words too. The tags are placed afterwards, by word alignment
 * ("detag and project", Müller 2017). When the queue has become full, the first translations stay.
 *
 * @param similarTo the similar sentence that a passage is given; left away where it has tags or variables of its own.
 */
export async function redoWithoutTags(
  segments: readonly SegmentWork[],
  model: Pick<ServedModel, 'align'>,
  decoding: PassageDecoding,
  similarTo: (passage: Passage) => SimilarHit | null,
): Promise<void> {
  const works = segments
    .filter((segment) => hasTags(segment.masked) && restoreSegment(segment, 0, model).status === 'guessed')
    .flatMap(({ passages }) => passages)
    .filter(({ passage, outcome }) => outcome?.origin === 'model' && hasTags(passage));
  if (works.length === 0) return;
  const bare = works.map(({ passage }) => withoutTags(passage));
  let outcomes: Outcome[];
  try {
    outcomes = await decoding.run(
      bare.map(({ passage }, i) => {
        const similar = similarTo((works[i] as (typeof works)[0]).passage);
        const fits = similar && !placeholderPattern.test(similar.source + similar.target);
        return { passage, similar: fits ? similar : null };
      }),
    );
  } catch (error) {
    if (error instanceof OverloadError) return;
    throw error;
  }
  for (const [i, work] of works.entries()) {
    const [outcome, undo] = [outcomes[i] as Outcome, (bare[i] as (typeof bare)[0]).undo];
    work.outcome = { ...outcome, texts: outcome.texts.map(undo) };
  }
}

function hasTags({ parts }: Pick<Passage, 'parts'>): boolean {
  return parts.some(({ kind }) => kind !== 'value');
}

/** A passage with its variables alone, and the way back to the numbers that they have in it. */
function withoutTags(passage: Passage): { passage: Passage; undo: (translation: string) => string } {
  const isTag = (part: number) => part >= 0 && passage.parts[part]?.kind !== 'value';
  const kept = [...passage.text].filter((character) => !isTag(placeholderAt(character, 0))).join('');
  const { text, undo } = renumber(kept.replace(/ {2,}/g, ' ').trim());
  return { passage: { ...passage, text, parts: passage.parts.filter(({ kind }) => kind === 'value') }, undo };
}
