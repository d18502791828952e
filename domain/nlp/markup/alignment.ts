import { placeholderAt, type Word, words } from '../text/index.ts';
import type { PartAlignment } from './restore.ts';

/**
 * Where parts belong by word links, for {@link restore}. A pair of tags goes around the run of target words whose links
 * come most from the words it marks and least from others, so that a single wrong link does not stretch it over half of the
 * sentence. Another part goes before the first target word linked to the next linked source word (`end`: behind
 * the last one linked to the word before). Where nothing is linked on that side, it goes next to what is linked on the
 * other; where nothing is linked at all, in proportion to the lengths. Placeholders that stand once on both sides count
 * as linked words, those of the parts to be placed aside.
 *
 * @param links between the words and symbols ({@link words}) of the source and the translation as given, placeholders
 * counted as symbols.
 */
export function wordAlignment(
  source: string,
  translation: string,
  links: readonly (readonly [source: number, target: number])[],
): PartAlignment {
  const [from, to] = [words(source), words(translation)];
  const linked: number[][] = from.map(() => []);
  for (const [i, j] of links) if (from[i]?.kind === 'word' && to[j]?.kind === 'word') linked[i]?.push(j);
  const [sourceParts, targetParts] = [placeholderWords(from), placeholderWords(to)];
  for (const [part, i] of sourceParts) {
    const j = targetParts.get(part);
    if (i >= 0 && j !== undefined && j >= 0) linked[i]?.push(j);
  }
  const startOf = (i: number) => to[Math.min(...(linked[i] as number[]))]?.start ?? 0;
  const endOf = (i: number) => to[Math.max(...(linked[i] as number[]))]?.end ?? 0;
  const isLinked = (i: number) => (linked[i]?.length ?? 0) > 0;
  const isPartAt = (word: Word, offset: number) => word.start === offset && placeholderAt(source, offset) >= 0;

  /** First and last target word of what a pair marks; null when none of it is linked. */
  const runOf = (start: number, end: number): readonly [number, number] | null => {
    const weights = new Int32Array(to.length);
    for (const [i, word] of from.entries()) {
      if (isPartAt(word, start) || isPartAt(word, end)) continue;
      const weight = word.start >= start && word.end <= end ? 1 : -1;
      for (const j of linked[i] as number[]) weights[j] = (weights[j] as number) + weight;
    }
    return heaviestRun(weights);
  };

  return (offset, side, partner) => {
    if (partner !== undefined) {
      const run = side === 'start' ? runOf(offset, partner) : runOf(partner, offset);
      if (run) return side === 'start' ? (to[run[0]]?.start ?? 0) : (to[run[1]]?.end ?? 0);
    }
    const next = from.findIndex((word, i) => word.start >= offset && isLinked(i) && !isPartAt(word, offset));
    const last = from.findLastIndex((word, i) => word.end <= offset && isLinked(i));
    if (side === 'start') {
      if (next >= 0) return startOf(next);
      if (!from.some((word) => word.kind === 'word' && word.start >= offset)) return translation.length;
      if (last >= 0) return endOf(last);
    } else {
      if (last >= 0) return endOf(last);
      if (!from.some((word) => word.kind === 'word' && word.end <= offset)) return 0;
      if (next >= 0) return startOf(next);
    }
    return (offset / Math.max(1, source.length)) * translation.length;
  };
}

/** Borders of the run with the greatest sum, the first and shortest of such; null when no weight is above 0. (Kadane) */
function heaviestRun(weights: Int32Array): readonly [number, number] | null {
  let best: readonly [number, number] | null = null;
  let [most, sum, start] = [0, 0, 0];
  for (const [j, weight] of weights.entries()) {
    if (sum <= 0) [sum, start] = [0, j];
    sum += weight;
    if (sum > most) {
      most = sum;
      best = [start, j];
    }
  }
  return best;
}

/** By part: the place of its placeholder among the words of a text; -1 when it stands there more than once. */
function placeholderWords(found: readonly Word[]): Map<number, number> {
  const places = new Map<number, number>();
  for (const [i, { text }] of found.entries()) {
    const part = placeholderAt(text, 0);
    if (part >= 0) places.set(part, places.has(part) ? -1 : i);
  }
  return places;
}
