import { calibrationError, type ReliabilityBin } from '../../calibration/reliability.ts';
import type { History } from '../history.ts';
import type { SalesTable } from '../types.ts';
import { type Expectation, expectationOf, type ForecastHead, fitHead, type ListedRows } from './forecast.ts';
import type { UsualSpend } from './spend.ts';

/** Customers are dealt into so many groups, each judged by what was learned from the others. */
const folds = 5;

export type Revenue = {
  /** Sum of probability × spend over the listed products, in units of the currency. */
  readonly expected: number;
  /** What the customers spent on them. */
  readonly realised: number;
};

export type JudgedMarket = Revenue & { readonly calibrationError: number };

export type JudgedHead = Revenue & {
  /** Listed products, and those that were bought. */
  readonly rows: number;
  readonly bought: number;
  readonly calibrationError: number;
  readonly bins: ReliabilityBin[];
  /** By market that has customers with lists, the largest ones where there are very many. */
  readonly markets: Readonly<Record<string, JudgedMarket>>;
};

/**
 * Learns a head from listed products, and judges it: each expectation that is compared with what happened is by a head
 * that has learned from other customers (cross-fitting). The head returned has learned from all.
 *
 * @returns expectations by row, as they were judged.
 */
export function judgeHead(
  sales: SalesTable,
  history: History,
  usual: UsualSpend,
  rows: ListedRows,
): { head: ForecastHead; judged: JudgedHead; expected: Expectation[] } {
  const expected = new Array<Expectation>(rows.customer.length);
  for (let fold = 0; fold < folds; fold++) {
    const isIn = (r: number): boolean => rows.customer[r]! % folds === fold;
    const head = fitHead(
      history,
      usual,
      pickRows(rows, (r) => !isIn(r)),
    );
    for (let r = 0; r < expected.length; r++)
      if (isIn(r))
        expected[r] = expectationOf(head, history, usual, {
          customer: rows.customer[r]!,
          product: rows.product[r]!,
          score: rows.score[r]!,
        });
  }
  const bought = Uint8Array.from(rows.spent, (spent) => (spent > 0 ? 1 : 0));
  const probabilities = Float64Array.from(expected, ({ probability }) => probability);
  const { error, bins } = calibrationError(probabilities, bought);
  const rowsOf = new Map<string, number[]>();
  for (let r = 0; r < expected.length; r++) {
    const name = sales.markets[sales.marketOf[rows.customer[r]!]!] ?? '';
    const own = rowsOf.get(name);
    if (own) own.push(r);
    else rowsOf.set(name, [r]);
  }
  const markets = [...rowsOf].map(([name, own]): [string, JudgedMarket] => [
    name,
    {
      expected: own.reduce((sum, r) => sum + expected[r]!.revenue, 0),
      realised: own.reduce((sum, r) => sum + rows.spent[r]!, 0),
      calibrationError: calibrationError(
        Float64Array.from(own, (r) => probabilities[r]!),
        Uint8Array.from(own, (r) => bought[r]!),
      ).error,
    },
  ]);
  return {
    head: fitHead(history, usual, rows),
    judged: {
      rows: expected.length,
      bought: bought.reduce((sum, b) => sum + b, 0),
      calibrationError: error,
      bins,
      expected: expected.reduce((sum, { revenue }) => sum + revenue, 0),
      realised: rows.spent.reduce((sum, spent) => sum + spent, 0),
      markets: Object.fromEntries(markets.sort(([a], [b]) => (a < b ? -1 : 1))),
    },
    expected,
  };
}

/** The rows that are to be kept. */
export function pickRows(rows: ListedRows, keep: (row: number) => boolean): ListedRows {
  const take = <T extends Int32Array | Float64Array>(from: T): T => from.filter((_, r) => keep(r)) as T;
  const { customer, product, score, spent } = rows;
  return { customer: take(customer), product: take(product), score: take(score), spent: take(spent) };
}

/** What customers spent on products from `fromDay` to before `toDay`, by {@link spentKey}. */
export function spentBetween(sales: SalesTable, fromDay: number, toDay: number): Map<number, number> {
  const spent = new Map<number, number>();
  for (let r = 0; r < sales.day.length; r++) {
    const day = sales.day[r]!;
    if (day < fromDay || day >= toDay) continue;
    const key = spentKey(sales, sales.customer[r]!, sales.product[r]!);
    spent.set(key, (spent.get(key) ?? 0) + sales.quantity[r]! * sales.price[r]!);
  }
  return spent;
}

export const spentKey = (sales: SalesTable, customer: number, product: number): number =>
  customer * sales.products.length + product;
