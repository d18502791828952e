/** A part of a text, in UTF-16 units. */
export interface TextRange {
  readonly start: number;
  /** Not included. */
  readonly end: number;
}

/** A piece of a text; without a range it is what lies between them. */
export interface Piece<Range extends TextRange> {
  readonly text: string;
  readonly range: Range | null;
}

/** A text in pieces by ranges; of ranges that overlap the first counts, and what lies outside of the text is left out. */
export function cutBy<Range extends TextRange>(text: string, ranges: readonly Range[]): Piece<Range>[] {
  const pieces: Piece<Range>[] = [];
  let at = 0;
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    if (range.start < at || range.end > text.length || range.end <= range.start) continue;
    if (range.start > at) pieces.push({ text: text.slice(at, range.start), range: null });
    pieces.push({ text: text.slice(range.start, range.end), range });
    at = range.end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), range: null });
  return pieces;
}
