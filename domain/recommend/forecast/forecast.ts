import type { History } from '../history.ts';
import type { SalesTable } from '../types.ts';
import { fitPurchaseOdds, oddsFeatures, type PurchaseOdds, purchaseProbability } from './purchase-odds.ts';
import { type TypicalSpend, type UsualSpend, usualSpend } from './spend.ts';

/** What turns the scores of one kind of list into probabilities and amounts. */
export type ForecastHead = {
  readonly odds: PurchaseOdds;
  /**
   * Mean spend of a purchase as a multiple of what is usual: usual spend is a mean of logarithms, and lies below the mean
   * of amounts (Duan 1983, smearing).
   */
  readonly spendScale: number;
};

/** Learned on days that the ranking had not seen; carried with the model that it belongs to. */
export type Forecast = {
  /** Days after the day of a list in which a purchase counts. */
  readonly horizonDays: number;
  readonly all: ForecastHead;
  readonly fresh: ForecastHead;
};

/** What is expected of one product of a customer's list within the horizon. */
export interface Expectation {
  /** P(the customer buys it). */
  readonly probability: number;
  /** What it then spends on it, in units of the currency. */
  readonly spend: number;
  /** probability × spend. */
  readonly revenue: number;
}

/** Listed products with what became of them. */
export interface ListedRows {
  readonly customer: Int32Array;
  readonly product: Int32Array;
  /** How far above the mean score of the model's lists: models that rank alike differ by a constant ({@link levelOf}). */
  readonly score: Float64Array;
  /** What the customer spent on the product within the horizon; 0 when it did not buy it. */
  readonly spent: Float64Array;
}

/** Purchases of usual spend that stand beside those seen, when the scale is estimated. */
const priorPurchases = 10;

/** Learns a head from the listed products of customers at `history.asOfDay`. */
export function fitHead(history: History, usual: UsualSpend, rows: ListedRows): ForecastHead {
  const features = Array.from(rows.customer, (c, r) => oddsFeatures(history, c, rows.score[r]!));
  const bought = Uint8Array.from(rows.spent, (spent) => (spent > 0 ? 1 : 0));
  let [spent, expected, purchases] = [0, 0, 0];
  for (let r = 0; r < bought.length; r++) {
    if (bought[r] === 0) continue;
    spent += rows.spent[r]!;
    expected += usual.of(rows.customer[r]!, rows.product[r]!);
    purchases++;
  }
  const prior = purchases > 0 ? (priorPurchases * expected) / purchases : 1;
  return { odds: fitPurchaseOdds(features, bought), spendScale: (spent + prior) / (expected + prior) };
}

/** What a head expects of products of customers at `history.asOfDay`. */
export function expectationOf(
  { odds, spendScale }: ForecastHead,
  history: History,
  usual: UsualSpend,
  { customer, product, score }: { customer: number; product: number; score: number },
): Expectation {
  const probability = purchaseProbability(odds, oddsFeatures(history, customer, score));
  const spend = spendScale * usual.of(customer, product);
  return { probability, spend, revenue: probability * spend };
}

/** The mean score of listed products, 0 of none: ranking says nothing of the level of scores, so each model has its own. */
export function levelOf(listed: readonly { readonly score: number }[]): number {
  return listed.reduce((sum, { score }) => sum + score, 0) / Math.max(1, listed.length);
}

/** {@link levelOf} the lists of a model, of all products and of new ones. */
export type ScoreLevels = {
  readonly all: number;
  readonly fresh: number;
};

export interface Forecaster {
  /** @param listed with the score as the model gives it. */
  expect(head: 'all' | 'fresh', listed: { customer: number; product: number; score: number }): Expectation;
}

/**
 * Expectations at `history.asOfDay` by a forecast learned before, for a model whose scores have these levels.
 *
 * @param typical what is usually spent on products, where `sales` are those of some customers; default: by these sales.
 */
export function forecaster(
  sales: SalesTable,
  history: History,
  forecast: Forecast,
  levels: ScoreLevels,
  typical?: TypicalSpend,
): Forecaster {
  const usual = usualSpend(sales, history, forecast.horizonDays, typical);
  return {
    expect: (head, listed) =>
      expectationOf(forecast[head], history, usual, { ...listed, score: listed.score - levels[head] }),
  };
}
