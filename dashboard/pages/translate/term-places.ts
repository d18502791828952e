import type { TermEvidence, TranslatedSentence } from '../../../contracts/translation.ts';
import type { TextRange } from '../../text/ranges.ts';

/** Where a term stands in a sentence or its translation. */
export interface TermPlace extends TextRange {
  readonly term: TermEvidence;
  /** Place of the term among those of the sentence: the same in both texts. */
  readonly index: number;
}

/**
 * Where the terms of a sentence stand in it, and their translations in what it has become. Terms come in the order of the
 * source; a term whose words are written otherwise in the text (another kind of blank) has no place.
 */
export function termPlaces({ source, target, terms }: Pick<TranslatedSentence, 'source' | 'target' | 'terms'>): {
  readonly source: readonly TermPlace[];
  readonly target: readonly TermPlace[];
} {
  const inSource: TermPlace[] = [];
  const inTarget: TermPlace[] = [];
  for (const [index, term] of terms.entries()) {
    place(inSource, source, term.found, term, index);
    if (term.used !== null) place(inTarget, target, term.used, term, index);
  }
  return { source: inSource, target: inTarget };
}

/** Takes the first place of the words that no other term has. */
function place(places: TermPlace[], text: string, words: string, term: TermEvidence, index: number): void {
  if (words === '') return;
  for (let start = text.indexOf(words); start >= 0; start = text.indexOf(words, start + 1)) {
    const end = start + words.length;
    if (places.some((other) => start < other.end && other.start < end)) continue;
    places.push({ start, end, term, index });
    return;
  }
}
