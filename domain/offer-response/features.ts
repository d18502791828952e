import type { SalesTable } from '../recommend/index.ts';
import { forEachPair } from '../recommend/sales-order.ts';

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

/** How products sold to all customers, by day, where a sales table holds the lines of some. Ordered by day. */
export interface ProductDays {
  /** Days since 1970-01-01. */
  readonly day: Int32Array;
  readonly product: Int32Array;
  readonly lines: Int32Array;
  /** Customers that bought it for the first time. */
  readonly buyers: Int32Array;
  /** Sum over the lines of the logarithm of the price, which counts as 0.01 at least. */
  readonly logPrice: Float64Array;
}

/** Prices below a hundredth are none to learn from. */
const leastPrice = 0.01;

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
 * @param sales the lines of the offers' customers at least, by day.
 * @param products how products sold to all customers; default: by these sales.
 * @returns row-major [offers × {@link responseFeatureNames}]; NaN where there is nothing to know, and the knowledge by row.
 */
export function responseFeatures(
  sales: SalesTable,
  past: PastOffers,
  offers: Offers,
  products?: ProductDays,
): { features: Float32Array; width: number; knowledge: OfferKnowledge[] } {
  const state = new KnownUntil(sales, past, offers, products);
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
  readonly #days: ProductDays | undefined;
  /** 1 where a customer buys a product for the first time. */
  readonly #isFirst: Uint8Array;
  #sale = 0;
  #offer = 0;
  #productDay = 0;
  readonly #customers: { lines: number; orders: number; first: number; last: number; logPrice: number }[];
  readonly #products: { lines: number; buyers: number; logPrice: number }[];
  /** Of the pairs of customer and product that are offered: all that were bought may be very many. */
  readonly #pairs = new Map<number, Pair | null>();
  readonly #byCustomer: Response[];
  readonly #byProduct: Response[];
  readonly #all = noResponse();

  constructor(sales: SalesTable, past: PastOffers, offers: Offers, days: ProductDays | undefined) {
    this.#sales = sales;
    this.#past = past;
    this.#days = days;
    this.#isFirst = new Uint8Array(days ? 0 : sales.day.length);
    if (!days)
      forEachPair(sales, (_customer, _product, from, _to, order) => {
        this.#isFirst[order[from]!] = 1;
      });
    offers.customer.forEach((c, i) => {
      this.#pairs.set(this.#pairKey(c, offers.product[i]!), null);
    });
    this.#customers = sales.customers.map(() => ({ lines: 0, orders: 0, first: 0, last: Number.NaN, logPrice: 0 }));
    this.#products = sales.products.map(() => ({ lines: 0, buyers: 0, logPrice: 0 }));
    this.#byCustomer = sales.customers.map(noResponse);
    this.#byProduct = sales.products.map(noResponse);
  }

  /** Takes in everything before `day`. */
  advance(day: number): void {
    for (; this.#sale < this.#sales.day.length && this.#sales.day[this.#sale]! < day; this.#sale++)
      this.#addSale(this.#sale);
    this.#addProductDays(day);
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

  #addProductDays(day: number): void {
    const days = this.#days;
    if (!days) return;
    for (; this.#productDay < days.day.length && days.day[this.#productDay]! < day; this.#productDay++) {
      const i = this.#productDay;
      const what = this.#products[days.product[i]!]!;
      what.logPrice = (what.logPrice * what.lines + days.logPrice[i]!) / (what.lines + days.lines[i]!);
      what.lines += days.lines[i]!;
      what.buyers += days.buyers[i]!;
    }
  }

  #pairKey(customer: number, product: number): number {
    return customer * this.#sales.products.length + product;
  }

  #addSale(i: number): void {
    const { customer, product, price, day: days } = this.#sales;
    const [c, p, day] = [customer[i]!, product[i]!, days[i]!];
    const logPrice = Math.log(Math.max(leastPrice, price[i]!));
    const who = this.#customers[c]!;
    if (who.lines === 0) who.first = day;
    if (who.last !== day) who.orders++;
    who.last = day;
    who.lines++;
    who.logPrice += (logPrice - who.logPrice) / who.lines;
    if (!this.#days) {
      const what = this.#products[p]!;
      what.lines++;
      what.logPrice += (logPrice - what.logPrice) / what.lines;
      what.buyers += this.#isFirst[i]!;
    }
    const key = this.#pairKey(c, p);
    const pair = this.#pairs.get(key);
    if (pair === null) this.#pairs.set(key, { orders: 1, first: day, last: day });
    else if (pair && pair.last !== day) {
      pair.orders++;
      pair.last = day;
    }
  }

  look(c: number, p: number, day: number): { row: number[]; known: OfferKnowledge } {
    const [who, what] = [this.#customers[c]!, this.#products[p]!];
    const pair = this.#pairs.get(this.#pairKey(c, p)) ?? undefined;
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
