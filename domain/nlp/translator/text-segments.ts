import { type Masked, mask, segmentHtml } from '../markup/index.ts';

export type TextFormat = 'plain' | 'html';

/** A text as what is to be translated in it, and the way back. */
export interface SegmentedText {
  readonly segments: readonly Masked[];
  /** The text with a restored translation for each segment. */
  render(restored: readonly string[]): string;
}

/**
 * Segments of a text. A plain text is one: its tags and variables are masked as well, since texts of programs have them
 * everywhere. HTML has one for each block and each attribute that is read by people. Texts without a letter have none.
 */
export function segmentText(text: string, format: TextFormat): SegmentedText {
  if (format === 'html') return segmentHtml(text);
  const masked = mask(text);
  if (!isWorthTranslating(masked.text)) return { segments: [], render: () => text };
  return { segments: [masked], render: ([restored = text]) => restored };
}

/** Whether there is a letter in a masked text; numbers and symbols are the same in all languages. */
export function isWorthTranslating(text: string): boolean {
  return /\p{L}/u.test(text);
}
