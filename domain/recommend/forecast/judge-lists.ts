import { marketPopularity, personalFrequency } from '../baselines.ts';
import type { History } from '../history.ts';
import type { Recommendation, SalesTable } from '../types.ts';
import { type ForecastHead, type ListedRows, levelOf } from './forecast.ts';
import { type JudgedHead, judgeHead, pickRows, spentBetween, spentKey } from './judge.ts';
import { type JudgedLift, judgeLift } from './lift.ts';
import { usualSpend } from './spend.ts';

export type JudgedLists = JudgedHead & {
  /** See {@link ForecastHead.spendScale}. */
  readonly spendScale: number;
  readonly lift: JudgedLift;
};

export interface JudgeListsOptions {
  /** Lists are compared with what was bought from `history.asOfDay` to before this day. */
  readonly toDay: number;
  /** First products of a list that are compared with the lists that need no model. */
  readonly k: number;
  readonly seed: number;
}

/**
 * What is to be expected of lists, learned from and judged on days after the ones that the ranking has seen: calibrated
 * probabilities, revenue, and lift over lists that need no model. Customers that bought nothing count too.
 *
 * @param lists recommendations, best first, those of a customer together: of all products, and of new ones.
 */
export function judgeLists(
  sales: SalesTable,
  history: History,
  lists: { all: readonly Recommendation[]; fresh: readonly Recommendation[] },
  { toDay, k, seed }: JudgeListsOptions,
): { heads: { all: ForecastHead; fresh: ForecastHead }; all: JudgedLists; fresh: JudgedLists } {
  const { asOfDay } = history;
  const usual = usualSpend(sales, history, toDay - asOfDay);
  const spent = spentBetween(sales, asOfDay, toDay);
  const bought = (customer: number, product: number): boolean => spent.has(spentKey(sales, customer, product));

  const judge = (listed: readonly Recommendation[], newOnly: boolean) => {
    const level = levelOf(listed);
    const rows: ListedRows = {
      customer: Int32Array.from(listed, (r) => r.customer),
      product: Int32Array.from(listed, (r) => r.product),
      score: Float64Array.from(listed, (r) => r.score - level),
      spent: Float64Array.from(listed, (r) => spent.get(spentKey(sales, r.customer, r.product)) ?? 0),
    };
    const { head, judged, expected } = judgeHead(sales, history, usual, rows);
    const first = firstRows(rows.customer, k);
    const customers = new Set(rows.customer);
    const lift = judgeLift(sales, {
      rows: pickRows(rows, (r) => first[r] === 1),
      expected: expected.filter((_, r) => first[r] === 1),
      popularity: marketPopularity(sales, asOfDay, customers, k, newOnly),
      frequency: newOnly ? null : personalFrequency(sales, asOfDay, customers, k),
      bought,
      seed,
    });
    const named = largestMarkets(lift.markets);
    return {
      head,
      lists: {
        ...judged,
        markets: only(judged.markets, named),
        spendScale: head.spendScale,
        lift: { ...lift, markets: only(lift.markets, named) },
      },
    };
  };
  const [all, fresh] = [judge(lists.all, false), judge(lists.fresh, true)];
  return { heads: { all: all.head, fresh: fresh.head }, all: all.lists, fresh: fresh.lists };
}

/** Markets that are named; with very many the smaller ones stand in the totals only. */
const mostMarkets = 200;

function largestMarkets(markets: Readonly<Record<string, { readonly customers: number }>>): ReadonlySet<string> {
  const bySize = Object.entries(markets).sort(([, a], [, b]) => b.customers - a.customers);
  return new Set(bySize.slice(0, mostMarkets).map(([name]) => name));
}

function only<T>(markets: Readonly<Record<string, T>>, named: ReadonlySet<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(markets).filter(([name]) => named.has(name)));
}

/** 1 for the first `k` rows of each customer. */
function firstRows(customer: Int32Array, k: number): Uint8Array {
  let rank = 0;
  return Uint8Array.from(customer, (c, r) => {
    rank = r > 0 && customer[r - 1] === c ? rank + 1 : 1;
    return rank <= k ? 1 : 0;
  });
}
