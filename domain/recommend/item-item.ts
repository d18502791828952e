import { invert, type Tensor2D, tf } from '../nlp/index.ts';
import type { History } from './history.ts';

/** For each product the strongest influences on it: sparse columns of an item-item weight matrix. */
export interface ItemItem {
  /** What owning product j adds to the score of others: entries `start[j] … start[j + 1]`. */
  readonly start: Int32Array;
  readonly target: Int32Array;
  readonly weight: Float32Array;
}

/** Products beyond this many (by customers) take no part: bounds the inverse to about a second and 100 MB. */
const mostProducts = 2600;
const keptWeights = 160;

/**
 * EASE (Steck 2019): closed-form item-item weights, ridge regression of every product on all others over the
 * customers' sets of products, diagonal forced to 0. Keeps the largest weights of each row.
 *
 * @param options.lastDays only purchases of so many last days count; default: all.
 * @param options.most products that take part, those of most customers; default 2,600. Time grows with its cube.
 * @param options.kept weights of a row that are kept; default 160.
 * The ridge is 200, as suits thousands of customers, and less for fewer.
 */
export function easeWeights(
  history: History,
  options: { lastDays?: number; most?: number; kept?: number } = {},
): ItemItem {
  const { products, customers, start, product, last } = history;
  const since = history.asOfDay - (options.lastDays ?? Number.POSITIVE_INFINITY);
  const active = new Set<number>();
  const support = new Int32Array(products);
  for (let c = 0; c < customers; c++) {
    for (let e = start[c]!; e < start[c + 1]!; e++) {
      if (last[e]! < since) continue;
      support[product[e]!]!++;
      active.add(c);
    }
  }
  const kept = options.kept ?? keptWeights;
  const ridge = Math.min(200, 5 + active.size / 10);
  const chosen = Int32Array.from(
    Array.from(support.keys())
      .filter((p) => support[p]! > 1)
      .sort((a, b) => support[b]! - support[a]! || a - b)
      .slice(0, options.most ?? mostProducts),
  );
  const n = chosen.length;
  const empty = { start: new Int32Array(products + 1), target: new Int32Array(0), weight: new Float32Array(0) };
  if (n < 2) return empty;
  const place = new Int32Array(products).fill(-1);
  chosen.forEach((p, i) => {
    place[p] = i;
  });
  const gram = new Float32Array(n * n);
  const own = new Int32Array(products);
  for (let c = 0; c < customers; c++) {
    let size = 0;
    for (let e = start[c]!; e < start[c + 1]!; e++) {
      const i = place[product[e]!]!;
      if (i >= 0 && last[e]! >= since) own[size++] = i;
    }
    for (let a = 0; a < size; a++) {
      const row = own[a]! * n;
      for (let b = 0; b < size; b++) gram[row + own[b]!]! += 1;
    }
  }
  for (let i = 0; i < n; i++) gram[i * n + i]! += ridge;
  // A tidy must not return a typed array: the library would walk through every number of it in search of tensors.
  const inverted = tf.tidy(() => invert(tf.tensor2d(gram, [n, n]) as Tensor2D));
  const inverse = inverted.dataSync();
  inverted.dispose();
  const diagonal = Float32Array.from({ length: n }, (_, i) => -inverse[i * n + i]!);
  const outStart = new Int32Array(products + 1);
  const target: number[] = [];
  const weight: number[] = [];
  const row = new Float32Array(n);
  for (let j = 0; j < products; j++) {
    const i = place[j]!;
    if (i >= 0) {
      for (let k = 0; k < n; k++) row[k] = k === i ? 0 : inverse[i * n + k]! / diagonal[k]!;
      const cut = n > kept ? magnitudeAt(row, kept) : 0;
      for (let k = 0; k < n; k++) {
        if (k === i || Math.abs(row[k]!) < cut) continue;
        target.push(chosen[k]!);
        weight.push(row[k]!);
      }
    }
    outStart[j + 1] = target.length;
  }
  return { start: outStart, target: Int32Array.from(target), weight: Float32Array.from(weight) };
}

/** Magnitude of the `k`-th largest entry, to within a thousandth of the largest: a histogram, not a sort. */
function magnitudeAt(row: Float32Array, k: number): number {
  let most = 0;
  for (const value of row) most = Math.max(most, Math.abs(value));
  if (most === 0) return 0;
  const steps = 1000;
  const counts = new Int32Array(steps + 1);
  for (const value of row) counts[Math.floor((Math.abs(value) / most) * steps)]!++;
  let [sum, bin] = [counts[steps]!, steps];
  while (bin > 0 && sum + counts[bin - 1]! <= k) sum += counts[--bin]!;
  return (bin / steps) * most;
}
