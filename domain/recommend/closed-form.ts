import { PerennialError } from '../../contracts/errors.ts';
import { packBytes, stopIfAborted, unpackBytes } from '../nlp/index.ts';
import { historyBefore } from './history.ts';
import { easeWeights, type ItemItem } from './item-item.ts';
import type { SalesTable } from './types.ts';

/** What goes together now, in closed form: learned in a second, where the boosted ranker takes minutes. */
export interface ClosedForm {
  /** Days since 1970-01-01; nothing of this day or later was learned from. */
  readonly asOfDay: number;
  /** The products with weights, by their codes. */
  readonly products: readonly string[];
  /** Weights between products, as indices of `products`. */
  readonly weights: ItemItem;
}

/** Purchases of these last days count: what goes together changes with the season. */
const lastDays = 90;
/** Products with weights, the most bought first: with more of them the lists of new products get no better. */
const most = 1200;
/** Weights of a product: with more of them the lists get no better. */
const kept = 96;

/**
 * Learns item–item weights ({@link easeWeights}) from the last 90 days before `asOfDay`, of the 1,200 most bought products.
 *
 * @throws CANCELLED on abort.
 */
export function trainClosedForm(
  sales: SalesTable,
  { asOfDay, signal }: { readonly asOfDay: number; readonly signal?: AbortSignal },
): ClosedForm {
  const history = historyBefore(sales, asOfDay);
  stopIfAborted(signal);
  const found = easeWeights(history, { lastDays, most, kept });
  const used = new Set<number>(found.target);
  const chosen = Array.from(used).sort((a, b) => a - b);
  return {
    asOfDay,
    products: chosen.map((p) => sales.products[p] ?? ''),
    weights: reindex(found, chosen, chosen.length, new Map(chosen.map((p, i) => [p, i]))),
  };
}

/** The weights between the products of another list; those that are not in it have none. */
export function alignWeights({ products, weights }: ClosedForm, others: readonly string[]): ItemItem {
  const place = new Map(products.map((product, i) => [product, i]));
  const placeOf = new Map<number, number>();
  const from = others.map((product, i) => {
    const at = place.get(product);
    if (at !== undefined) placeOf.set(at, i);
    return at ?? -1;
  });
  return reindex(weights, from, others.length, placeOf);
}

/** Rows `from` (-1: an empty one) of the weights, their targets by new places; a target without a place falls out. */
function reindex(
  { start, target, weight }: ItemItem,
  from: readonly number[],
  rows: number,
  placeOf: ReadonlyMap<number, number>,
): ItemItem {
  const outStart = new Int32Array(rows + 1);
  const outTarget = new Int32Array(target.length);
  const outWeight = new Float32Array(target.length);
  let n = 0;
  from.forEach((j, row) => {
    for (let k = start[j] ?? 0; j >= 0 && k < start[j + 1]!; k++) {
      const place = placeOf.get(target[k]!);
      if (place === undefined) continue;
      outTarget[n] = place;
      outWeight[n++] = weight[k]!;
    }
    outStart[row + 1] = n;
  });
  return { start: outStart, target: outTarget.slice(0, n), weight: outWeight.slice(0, n) };
}

const kind = 'closed-form';
const version = 1;

export function encodeClosedForm({ asOfDay, products, weights }: ClosedForm): Uint8Array {
  const arrays = {
    start: Float32Array.from(weights.start),
    target: Float32Array.from(weights.target),
    weight: weights.weight,
  };
  return packBytes({ kind, version, meta: { asOfDay, products: [...products] }, arrays });
}

/** Reads {@link encodeClosedForm}; MODEL_FORMAT when the bytes are something else. */
export function decodeClosedForm(bytes: Uint8Array): ClosedForm {
  const { meta, arrays } = unpackBytes(bytes, kind, version);
  const { asOfDay, products } = meta as { asOfDay: number; products: string[] };
  const { start, target, weight } = arrays;
  const rows = products.length;
  const whole = start?.length === rows + 1 && start.at(-1) === target?.length && target?.length === weight?.length;
  if (!whole || !target?.every((p) => p < rows)) {
    throw new PerennialError('MODEL_FORMAT', `The weights between ${rows} products are not whole`, {
      remedy: 'Train the model again.',
    });
  }
  const weights = { start: Int32Array.from(start), target: Int32Array.from(target), weight: weight as Float32Array };
  return { asOfDay, products, weights };
}
