import type { Hypothesis, Source } from '../decoding/index.ts';
import { modelInput } from '../examples/index.ts';
import type { Annotation } from '../terminology/index.ts';
import type { SimilarHit } from './look-up.ts';
import type { TranslateTextsOptions } from './outcome.ts';
import type { Passage } from './passage.ts';
import type { ServedModel } from './served-model.ts';
import type { AppliedTerm, FoundTerm } from './terms.ts';

/** A passage to translate. */
export interface Job {
  readonly passage: Passage;
  /** Shown to the model; null: none. */
  readonly similar: SimilarHit | null;
  readonly matches: readonly FoundTerm[];
  /** The model's input without terms. */
  readonly source: Source;
}

/** A translation of a passage, and what became of its terms. */
export interface Draft {
  /** The input it is of. */
  readonly source: Source;
  readonly best: Hypothesis;
  /** The best first; not empty. */
  readonly texts: readonly string[];
  readonly applied: readonly AppliedTerm[];
}

/** Terms that a draft misses. */
export function missing({ applied }: Pick<Draft, 'applied'>): number {
  return applied.filter(({ form }) => form === 'missed').length;
}

/** Width and results of the search that a request asks for. */
export function searchOf({ translations = 1, beam = translations }: TranslateTextsOptions) {
  return { beam: Math.max(beam, translations), alternatives: translations };
}

/** The model's input for a text with terms in it and a similar sentence behind it. */
export function sourceOf(
  model: ServedModel,
  text: string,
  annotations: readonly Annotation[],
  match: SimilarHit | null,
): Source {
  const { pair: languages, marker: aligner } = model;
  const similar = match && { match, ...(aligner && { aligner }) };
  return model.encode(modelInput(text, { languages, annotations, ...similar }));
}
