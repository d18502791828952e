import type { Random } from '../nlp/index.ts';
import type { Truth } from './evaluate.ts';

/** At most `most` of the places 0 … n − 1, drawn by chance; ascending. */
export function drawPlaces(n: number, most: number, random: Random): Int32Array {
  const places = Int32Array.from({ length: n }, (_, i) => i);
  if (n <= most) return places;
  random.shuffle(places);
  return places.slice(0, most).sort();
}

/** At most `most` entries, drawn by chance; in their order. */
export function someOf<Key, Value>(
  all: ReadonlyMap<Key, Value>,
  most: number,
  random: Random,
): ReadonlyMap<Key, Value> {
  if (all.size <= most) return all;
  const chosen = new Set(drawPlaces(all.size, most, random));
  return new Map([...all].filter((_, i) => chosen.has(i)));
}

/** The truth of at most `most` of its customers, drawn by chance: what a figure needs no more than. */
export function sampleTruth(
  { all, fresh }: { readonly all: Truth; readonly fresh: Truth },
  most: number,
  random: Random,
): { all: Truth; fresh: Truth } {
  const chosen = someOf(all, most, random);
  return { all: chosen, fresh: new Map([...fresh].filter(([customer]) => chosen.has(customer))) };
}
