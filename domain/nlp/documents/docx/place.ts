import { escapeText } from '../../formats/xml-tree.ts';
import type { Masked } from '../../markup/index.ts';
import { textSegment } from '../document.ts';

/** A stretch of a part that has something to translate. */
export interface Place {
  /** In order. */
  readonly segments: readonly Masked[];
  /** What {@link write} gives stands there afterwards. */
  readonly from: number;
  readonly to: number;
  write(translations: readonly string[]): string;
}

/**
 * A place whose whole text is plain; its lines are segments of their own.
 *
 * @param text what stands there, entities resolved.
 * @param escaped default: as for the content of an element.
 * @returns null when there is nothing to translate.
 */
export function plainPlace(
  { from, to }: Pick<Place, 'from' | 'to'>,
  text: string,
  escaped: (text: string) => string = escapeText,
): Place | null {
  const lines = text.split(/([\r\n]+)/).map((line) => ({ line, masked: textSegment(line) }));
  const segments = lines.flatMap(({ masked }) => masked ?? []);
  if (segments.length === 0) return null;
  return {
    segments,
    from,
    to,
    write(translations) {
      let next = 0;
      const translated = (line: string): string => (translations[next++] ?? line).replaceAll(/[\r\n\t]+/g, ' ');
      return escaped(lines.map(({ line, masked }) => (masked ? translated(line) : line)).join(''));
    },
  };
}
