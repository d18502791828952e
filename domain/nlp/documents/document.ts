import { PerennialError } from '../../../contracts/errors.ts';
import { languageFit } from '../formats/languages.ts';
import { type Masked, mask, restore } from '../markup/index.ts';

/** A document taken apart: what is to be translated in it, and the way back. */
export interface OpenDocument {
  /** What is to be translated, in the order of the document. */
  readonly segments: readonly Masked[];
  /** Segments that have a translation already, and keep it. */
  readonly kept: number;
  /** Language of the texts, where the document says it, as it says it. */
  readonly source?: string;
  /** The document with a translation, its tags restored, for each segment. */
  write(translations: readonly string[]): WrittenDocument | Promise<WrittenDocument>;
}

export interface WrittenDocument {
  readonly bytes: Uint8Array;
  /** What could not be kept as it was, in words. */
  readonly warnings: readonly string[];
}

export interface OpenOptions {
  /** BCP 47. */
  readonly target: string;
  /** Name of the encoding; default: detected. Formats that say their encoding themselves, such as docx, take none. */
  readonly encoding?: string;
  /** Whether translations that the document has already are kept or made anew. Default: keep. */
  readonly existing?: 'keep' | 'replace';
}

/** SOURCE_INVALID with the place in the document and what to do. */
export function invalid(message: string, remedy: string, cause?: unknown): PerennialError {
  return new PerennialError('SOURCE_INVALID', message, { remedy, ...(cause === undefined ? {} : { cause }) });
}

/**
 * SOURCE_INVALID for a document whose translations, which are kept, are in another language than the target.
 *
 * @param said the language that the document says they are in; '' when it does not.
 */
export function refuseOtherTarget(said: string, target: string): void {
  if (said === '' || languageFit(said, target) > 0) return;
  throw invalid(
    `The document has translations into ${said.slice(0, 64)}, not into ${target}.`,
    `Give target=${said.slice(0, 64)}, or existing=replace to have them all in ${target}.`,
  );
}

/** A text whose tags and variables come back as they are; null when there is nothing to translate in it. */
export function textSegment(text: string): Masked | null {
  const masked = mask(text);
  return hasWords(masked) ? masked : null;
}

/** Whether there is a letter in a segment: numbers and symbols are the same in all languages. */
export function hasWords({ text }: Masked): boolean {
  return /\p{L}/u.test(text);
}

/** The source text of a segment, its tags in their places. */
export function sourceText(masked: Masked): string {
  return restore(masked.text, masked).text;
}
