import { fuzzyParts } from '../memory/index.ts';
import type { Segment } from '../subwords/index.ts';
import { type Aligner, type Annotation, annotate, type TextPair } from '../terminology/index.ts';

export interface InputOptions {
  readonly languages: { readonly source: string; readonly target: string };
  /** Terms of the source with what they are to become, apart from each other, in order. */
  readonly annotations?: readonly Annotation[];
  /** A similar sentence and its translation. */
  readonly match?: TextPair;
  /** Tells which words of the match both sentences share; default: all count as shared. */
  readonly aligner?: Aligner;
}

/**
 * The input of a model for a sentence: its terms annotated, a fuzzy match behind it; in training and in use alike.
 *
 * @param text in NFC, tags and variables masked and numbered from 0.
 */
export function modelInput(text: string, options: InputOptions): Segment[] {
  const { languages, annotations = [], match, aligner } = options;
  const parts = annotate(text, annotations);
  return match ? [...parts, ...fuzzyParts(text, match, languages, aligner)] : parts;
}
