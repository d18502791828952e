import type { SalesTable } from '../recommend/index.ts';

/** What the response model sees of a customer and a product on a day, in this order. */
export const responseFeatureNames = [
  'lines',
  'orders',
  'sinceOrder',
  'orderGap',
  'price',
  'priceFit',
  'productLines',
  'productBuyers',
  'bought',
  'sinceBought',
  'gapRatio',
  'offered',
  'offeredRate',
  'heldRate',
  'customerEffect',
  'productRate',
  'productEffect',
] as const;
const width = responseFeatureNames.length;

/** Offers of the past or such as could be made, ordered by day; indices of the sales table. */
export interface Offers {
  readonly customer: Int32Array;
  readonly product: Int32Array;
  /** Days since 1970-01-01. */
  readonly day: Int32Array;
}

export interface PastOffers extends Offers {
  /** Share of the price taken off; 0 when held out. */
  readonly discount: Float64Array;
  readonly sale: Uint8Array;
}

/** What is known of a customer and product beside the features, for reasons in words. */
export interface OfferKnowledge {
  readonly daysSinceBought: number | null;
  readonly pastOffers: number;
  readonly pastSales: number;
}

interface Response {
  /** Offers with a discount and without, and sales of each. */
  shown: number;
  sold: number;
  bare: number;
  soldBare: number;
}
const noResponse = (): Response => ({ shown: 0, sold: 0, bare: 0, soldBare: 0 });

interface Pair {
  orders: number;
  first: number;
  last: number;
}

/** Offers that the mean rate counts for in a customer's and a product's own. */
const prior = { customer: 4, product: 20 } as const;

/**
 * Features of offers, each as known at 00:00 of its day: sales and outcomes of earlier days only.
 *
 * @returns row-major [offers × {@link responseFeatureNames}]; NaN where there is nothing to know, and the knowledge by row.
 */
export function responseFeatures(
  sales: SalesTable,
  past: PastOffers,
  offers: Offers,
): { features: Float32Array; width: number; knowledge: OfferKnowledge[] } {
  const state = new KnownUntil(sales, past);
  const features = new Float32Array(offers.day.length * width);
  const knowledge: OfferKnowledge[] = [];
  for (let i = 0; i < offers.day.length; i++) {
    state.advance(offers.day[i]!);
    const { row, known } = state.look(offers.customer[i]!, offers.product[i]!, offers.day[i]!);
    features.set(row, i * width);
    knowledge.push(known);
  }
  return { features, width, knowledge };
}

class KnownUntil {
  readonly #sales: SalesTable;
  readonly #past: PastOffers;
  readonly #order: Int32Array;
  #sale = 0;
  #offer = 0;
  readonly #customers: { lines: number; orders: number; first: number; last: number; logPrice: number }[];
  readonly #products: { lines: number; buyers: number; logPrice: number }[];
  readonly #pairs = new Map<number, Pair>();
  readonly #byCustomer: Response[];
  readonly #byProduct: Response[];
  readonly #all = noResponse();

  constructor(sales: SalesTable, past: PastOffers) {
    this.#sales = sales;
    this.#past = past;
    this.#order = Int32Array.from(sales.day.keys()).sort((a, b) => sales.day[a]! - sales.day[b]! || a - b);
    this.#customers = sales.customers.map(() => ({ lines: 0, orders: 0, first: 0, last: Number.NaN, logPrice: 0 }));
    this.#products = sales.products.map(() => ({ lines: 0, buyers: 0, logPrice: 0 }));
    this.#byCustomer = sales.customers.map(noResponse);
    this.#byProduct = sales.products.map(noResponse);
  }

  /** Takes in everything before `day`. */
  advance(day: number): void {
    const { customer, product, price, day: days } = this.#sales;
    for (; this.#sale < this.#order.length && days[this.#order[this.#sale]!]! < day; this.#sale++) {
      const i = this.#order[this.#sale]!;
      this.#addSale(customer[i]!, product[i]!, Math.log(Math.max(0.01, price[i]!)), days[i]!);
    }
    const past = this.#past;
    for (; this.#offer < past.day.length && past.day[this.#offer]! < day; this.#offer++) {
      const [i, sold] = [this.#offer, past.sale[this.#offer]!];
      for (const response of [this.#byCustomer[past.customer[i]!]!, this.#byProduct[past.product[i]!]!, this.#all]) {
        if (past.discount[i]! > 0) {
          response.shown++;
          response.sold += sold;
        } else {
          response.bare++;
          response.soldBare += sold;
        }
      }
    }
  }

  #addSale(c: number, p: number, logPrice: number, day: number): void {
    const [who, what] = [this.#customers[c]!, this.#products[p]!];
    if (who.lines === 0) who.first = day;
    if (who.last !== day) who.orders++;
    who.last = day;
    who.lines++;
    who.logPrice += (logPrice - who.logPrice) / who.lines;
    what.lines++;
    what.logPrice += (logPrice - what.logPrice) / what.lines;
    const key = c * this.#products.length + p;
    const pair = this.#pairs.get(key);
    if (!pair) {
      what.buyers++;
      this.#pairs.set(key, { orders: 1, first: day, last: day });
    } else if (pair.last !== day) {
      pair.orders++;
      pair.last = day;
    }
  }

  look(c: number, p: number, day: number): { row: number[]; known: OfferKnowledge } {
    const [who, what] = [this.#customers[c]!, this.#products[p]!];
    const pair = this.#pairs.get(c * this.#products.length + p);
    const gap = who.orders > 1 ? (who.last - who.first) / (who.orders - 1) : Number.NaN;
    const own = pair && pair.orders > 1 ? (pair.last - pair.first) / (pair.orders - 1) : gap;
    const response = this.#byCustomer[c]!;
    const mine = this.#rates(response, prior.customer);
    const its = this.#rates(this.#byProduct[p]!, prior.product);
    const row = [
      Math.log1p(who.lines),
      Math.log1p(who.orders),
      who.lines > 0 ? Math.log1p(day - who.last) : Number.NaN,
      Math.log1p(gap),
      what.lines > 0 ? what.logPrice : Number.NaN,
      what.lines > 0 && who.lines > 0 ? what.logPrice - who.logPrice : Number.NaN,
      Math.log1p(what.lines),
      Math.log1p(what.buyers),
      Math.log1p(pair?.orders ?? 0),
      pair ? Math.log1p(day - pair.last) : Number.NaN,
      pair ? Math.log((day - pair.last + 3) / (own + 3)) : Number.NaN,
      Math.log1p(response.shown + response.bare),
      mine.shown,
      mine.bare,
      mine.shown - mine.bare,
      its.shown,
      its.shown - its.bare,
    ];
    const known = {
      daysSinceBought: pair ? day - pair.last : null,
      pastOffers: response.shown,
      pastSales: response.sold,
    };
    return { row, known };
  }

  /** Log odds of a sale with and without a discount, drawn towards those of all. */
  #rates({ shown, sold, bare, soldBare }: Response, weight: number): { shown: number; bare: number } {
    const all = this.#all;
    const logit = (sales: number, offers: number, mean: number): number => {
      const rate = (sales + weight * mean) / (offers + weight);
      return Math.log(rate / (1 - rate));
    };
    const meanShown = (all.sold + 1) / (all.shown + 4);
    const meanBare = (all.soldBare + 1) / (all.bare + 4);
    return { shown: logit(sold, shown, meanShown), bare: logit(soldBare, bare, meanBare) };
  }
}
