import type { Part } from './mask.ts';

/** A tag or pair of tags over the offsets `from` to `to` of a text. */
export interface Span {
  readonly part: number;
  from: number;
  to: number;
  readonly children: Span[];
}

/**
 * Brings spans into their parent's, apart from each other; single tags keep the order of the source, since one may be
 * half of a pair that goes on in another segment. Sorts the lists.
 */
export function settle(spans: Span[], from: number, to: number, parts: readonly Part[]): void {
  const single = spans.filter((span) => parts[span.part]?.kind === 'single');
  const order = single.map((span) => span.from).sort((a, b) => a - b);
  for (const [k, span] of single.entries()) span.from = span.to = order[k] as number;
  spans.sort((a, b) => a.from - b.from || a.to - b.to || a.part - b.part);
  let at = from;
  for (const span of spans) {
    span.from = Math.min(Math.max(span.from, at), to);
    span.to = Math.min(Math.max(span.to, span.from), to);
    at = span.to;
    settle(span.children, span.from, span.to, parts);
  }
}

/** The text with the tags of settled spans around it. */
export function render(
  spans: readonly Span[],
  from: number,
  to: number,
  parts: readonly Part[],
  slice: (from: number, to: number) => string,
): string {
  let out = '';
  let at = from;
  for (const span of spans) {
    const part = parts[span.part] as Part;
    out += slice(at, span.from) + part.content + render(span.children, span.from, span.to, parts, slice);
    if (part.kind === 'open') out += (parts[part.partner] as Part).content;
    at = span.to;
  }
  return out + slice(at, to);
}

/** The nearest number of a sorted list that is not empty. */
export function nearest(sorted: readonly number[], at: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  const above = sorted[low] as number;
  const below = sorted[low - 1];
  return below !== undefined && at - below <= above - at ? below : above;
}
