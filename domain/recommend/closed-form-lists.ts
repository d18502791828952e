import { alignWeights, type ClosedForm } from './closed-form.ts';
import { type History, historyBefore } from './history.ts';
import type { ItemItem } from './item-item.ts';
import { type ProductStats, productStats } from './product-stats.ts';
import { inWords, marketPart, repeatReason, togetherPart } from './reasons.ts';
import type { Recommendation, SalesTable } from './types.ts';

/** Lists of customers, row by row [customers × topK]. */
export interface ListRows {
  /** -1 behind the end of a list that is shorter. */
  readonly product: Int32Array;
  readonly score: Float32Array;
}

/** Days in which the weight of a purchase halves, and what stays of it however old it is. */
const halfLife = 45;
const lasting = 0.15;
/** Weight of what goes together, beside 1 for what the customer buys again and again. */
const together = 0.4;
/** Keeps what sells in the market behind everything that speaks for a customer. */
const filling = 1e-6;

/**
 * Lists by a {@link ClosedForm} for customers as they stood before a day: products by how regularly the customer buys them
 * (TIFU, Hu et al. 2020) and by what goes together with its purchases, the newer the more. Behind them stands what sells in
 * its market, so that a customer without a purchase has a list too.
 */
export class ClosedFormLists {
  readonly #sales: SalesTable;
  readonly #history: History;
  readonly #stats: ProductStats;
  readonly #told: ProductStats;
  readonly #weights: ItemItem;
  readonly #sources: ItemItem;
  readonly #filling: Float32Array[];
  readonly #scores: Float32Array;
  readonly #entry: Int32Array;

  /** @param known where `sales` are those of some customers; default: by these sales. */
  constructor(
    sales: SalesTable,
    model: ClosedForm,
    asOfDay: number,
    known?: { readonly stats: ProductStats; readonly told: ProductStats },
  ) {
    const products = sales.products.length;
    this.#sales = sales;
    this.#history = historyBefore(sales, asOfDay);
    this.#stats = known?.stats ?? productStats(sales, this.#history);
    this.#told = known?.told ?? this.#stats;
    this.#weights = alignWeights(model, sales.products);
    this.#sources = transposed(this.#weights);
    this.#filling = sales.markets.map((_, market) => fillingOf(this.#stats, market, products));
    this.#scores = new Float32Array(products);
    this.#entry = new Int32Array(products).fill(-1);
  }

  /** The `topK` best products of each customer (indices of the sales table), best first. About 25 µs a customer. */
  best(customers: Int32Array, { topK, newOnly }: { readonly topK: number; readonly newOnly: boolean }): ListRows {
    const product = new Int32Array(customers.length * topK).fill(-1);
    const score = new Float32Array(customers.length * topK);
    customers.forEach((customer, row) => {
      this.#score(customer, newOnly);
      takeBest(
        this.#scores,
        product.subarray(row * topK, (row + 1) * topK),
        score.subarray(row * topK, (row + 1) * topK),
      );
    });
    return { product, score };
  }

  /** {@link best} with what speaks for each product, in words. */
  recommend(customers: Int32Array, options: { readonly topK: number; readonly newOnly: boolean }): Recommendation[] {
    const { product, score } = this.best(customers, options);
    const out: Recommendation[] = [];
    customers.forEach((customer, row) => {
      const [from, to] = [this.#history.start[customer]!, this.#history.start[customer + 1]!];
      for (let e = from; e < to; e++) this.#entry[this.#history.product[e]!] = e;
      for (let i = row * options.topK; i < (row + 1) * options.topK && product[i]! >= 0; i++) {
        const p = product[i]!;
        const isNew = this.#entry[p]! < 0;
        out.push({ customer, product: p, score: score[i]!, isNew, reason: this.#reason(customer, p) });
      }
      for (let e = from; e < to; e++) this.#entry[this.#history.product[e]!] = -1;
    });
    return out;
  }

  #score(customer: number, newOnly: boolean): void {
    const { start, product, last, tifu, asOfDay } = this.#history;
    const { start: rowStart, target, weight } = this.#weights;
    const scores = this.#scores;
    scores.set(this.#filling[this.#sales.marketOf[customer]!]!);
    const [from, to] = [start[customer]!, start[customer + 1]!];
    let regular = 0;
    for (let e = from; e < to; e++) {
      const [j, now] = [product[e]!, lasting + 2 ** ((last[e]! - asOfDay) / halfLife)];
      regular = Math.max(regular, tifu[e]!);
      for (let k = rowStart[j]!; k < rowStart[j + 1]!; k++) scores[target[k]!]! += now * weight[k]!;
    }
    if (newOnly) {
      for (let e = from; e < to; e++) scores[product[e]!] = Number.NEGATIVE_INFINITY;
      return;
    }
    let strongest = filling;
    for (let p = 0; p < scores.length; p++) if (scores[p]! > strongest) strongest = scores[p]!;
    const scale = together / strongest;
    for (let p = 0; p < scores.length; p++) scores[p]! *= scale;
    for (let e = from; e < to; e++) scores[product[e]!]! += tifu[e]! / regular;
  }

  /** Reads the entries of the customer from `#entry`. */
  #reason(customer: number, p: number): string {
    const [sales, stats] = [this.#sales, this.#told];
    if (this.#entry[p]! >= 0) return repeatReason(this.#history, this.#entry[p]!);
    const { start, target, weight } = this.#sources;
    let [owned, strength] = [-1, 0];
    for (let k = start[p]!; k < start[p + 1]!; k++) {
      if (weight[k]! > strength && this.#entry[target[k]!]! >= 0) [owned, strength] = [target[k]!, weight[k]!];
    }
    const parts = [...togetherPart(sales, owned, strength), ...marketPart(sales, stats, sales.marketOf[customer]!, p)];
    return inWords(parts, stats, p);
  }
}

/** Rows of a matrix as its columns. */
function transposed({ start, target, weight }: ItemItem): ItemItem {
  const rows = start.length - 1;
  const outStart = new Int32Array(rows + 1);
  for (const i of target) outStart[i + 1]!++;
  for (let i = 0; i < rows; i++) outStart[i + 1]! += outStart[i]!;
  const at = outStart.slice();
  const out = { start: outStart, target: new Int32Array(target.length), weight: new Float32Array(target.length) };
  for (let j = 0; j < rows; j++) {
    for (let k = start[j]!; k < start[j + 1]!; k++) {
      const place = at[target[k]!]!++;
      out.target[place] = j;
      out.weight[place] = weight[k]!;
    }
  }
  return out;
}

/** Customers of the market that bought a product lately, then of all markets ever, as a share: below {@link filling}. */
function fillingOf({ inMarket, buyers, everActive }: ProductStats, market: number, products: number): Float32Array {
  const here = inMarket.subarray(market * products, (market + 1) * products);
  const all = Math.max(1, everActive);
  return here.map((n, p) => (filling * (n + buyers[p]! / (2 * all))) / (all + 1));
}

/** The highest scores above 0, highest first, equal ones by index; a list that is not full ends in what it held. */
function takeBest(scores: Float32Array, product: Int32Array, score: Float32Array): void {
  const size = product.length;
  let [found, least] = [0, 0];
  for (let p = 0; p < scores.length; p++) {
    const value = scores[p]!;
    if (!(value > least)) continue;
    let i = found < size ? found++ : size - 1;
    for (; i > 0 && score[i - 1]! < value; i--) {
      score[i] = score[i - 1]!;
      product[i] = product[i - 1]!;
    }
    score[i] = value;
    product[i] = p;
    if (found === size) least = score[size - 1]!;
  }
}
