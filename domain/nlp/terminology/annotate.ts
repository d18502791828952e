import { factor, type Segment } from '../subwords/index.ts';

/** A term in a source text and what it is to be in the translation. */
export interface Annotation {
  /** Offset of the term's first UTF-16 unit in the source. */
  readonly start: number;
  /** Offset after its last one. */
  readonly end: number;
  /** The target term in base form; the model inflects it. */
  readonly target: string;
}

/**
 * The input of a model with target terms inline behind the source terms, told apart by source factors (Dinu et al.
 * 2019, "append"), the targets in base form (Bergmanis and Pinnis 2021).
 *
 * @param annotations apart from each other, in the order of the text.
 */
export function annotate(source: string, annotations: readonly Annotation[]): Segment[] {
  const parts: Segment[] = [];
  let at = 0;
  for (const { start, end, target } of annotations) {
    // The blank before a term is the beginning of the term's part.
    const from = start > at && source[start - 1] === ' ' ? start - 1 : start;
    if (from > at) parts.push({ text: source.slice(at, from), factor: factor.plain });
    parts.push({ text: source.slice(from, end), factor: factor.term });
    parts.push({ text: ` ${target}`, factor: factor.termTarget });
    at = end;
  }
  if (at < source.length || parts.length === 0) parts.push({ text: source.slice(at), factor: factor.plain });
  return parts;
}
