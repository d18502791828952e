import { type Interval, sumsInterval } from '../bootstrap.ts';
import type { Lists } from '../evaluate.ts';
import type { SalesTable } from '../types.ts';
import type { Expectation, ListedRows } from './forecast.ts';

/** Hits of a rule below which nothing is said of how many times as many another one has. */
const leastHits = 10;
const samples = 500;

/** Products of our lists that were bought, against those of lists that need no model; as many products a list. */
export type Lift = {
  readonly customers: number;
  /** Products listed that were bought. */
  readonly hits: number;
  readonly popularityHits: number;
  /** Null for lists of new products: what a customer bought most often is never new to it. */
  readonly frequencyHits: number | null;
  /** How many times as many, by a bootstrap of customers; null where the rule has fewer than ten hits. */
  readonly overPopularity: Interval | null;
  readonly overFrequency: Interval | null;
};

/** A tenth of the listed products, by falling probability. */
export type LiftDecile = {
  /** 1: the likeliest tenth. */
  readonly decile: number;
  readonly rows: number;
  /** Mean probability, and share that was bought. */
  readonly predicted: number;
  readonly observed: number;
  /** The share bought as a multiple of that among the most popular products of each market. */
  readonly lift: Interval | null;
};

export type JudgedLift = Lift & {
  readonly markets: Readonly<Record<string, Lift>>;
  readonly deciles: LiftDecile[];
};

interface Rules {
  /** Listed products, those of a customer together, with their cross-fitted expectations. */
  readonly rows: ListedRows;
  readonly expected: readonly Expectation[];
  readonly popularity: Lists;
  readonly frequency: Lists | null;
  readonly bought: (customer: number, product: number) => boolean;
  readonly seed: number;
}

/** Compares what lists found with what no model finds, in all, by market, and by decile of probability. */
export function judgeLift(
  sales: SalesTable,
  { rows, expected, popularity, frequency, bought, seed }: Rules,
): JudgedLift {
  const customers = [...new Set(rows.customer)];
  const place = new Map(customers.map((customer, i) => [customer, i]));
  const column = () => new Float64Array(customers.length);
  const ours = column();
  rows.customer.forEach((customer, r) => {
    if (rows.spent[r]! > 0) ours[place.get(customer)!]! += 1;
  });
  const hitsOf = (lists: Lists): Float64Array =>
    Float64Array.from(customers, (c) => (lists.get(c) ?? []).reduce((n, p) => n + (bought(c, p) ? 1 : 0), 0));
  const byRule = { ours, popularity: hitsOf(popularity), frequency: frequency && hitsOf(frequency) };

  const liftOf = (chosen: readonly number[]): Lift => {
    const take = (from: Float64Array) => Float64Array.from(chosen, (i) => from[i]!);
    const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
    const own = take(byRule.ours);
    const times = (rule: Float64Array): Interval | null =>
      sum(rule) < leastHits ? null : sumsInterval([own, rule], (s) => s[0]! / s[1]!, { samples, seed });
    const popular = take(byRule.popularity);
    const frequent = byRule.frequency && take(byRule.frequency);
    return {
      customers: chosen.length,
      hits: sum(own),
      popularityHits: sum(popular),
      frequencyHits: frequent && sum(frequent),
      overPopularity: times(popular),
      overFrequency: frequent && times(frequent),
    };
  };

  const byMarket = new Map<string, number[]>();
  customers.forEach((customer, i) => {
    const name = sales.markets[sales.marketOf[customer]!] ?? '';
    const market = byMarket.get(name);
    if (market) market.push(i);
    else byMarket.set(name, [i]);
  });
  const listed = Float64Array.from(customers, (c) => popularity.get(c)?.length ?? 0);
  return {
    ...liftOf([...customers.keys()]),
    markets: Object.fromEntries([...byMarket].sort().map(([name, chosen]) => [name, liftOf(chosen)])),
    deciles: decilesOf(rows, expected, place, { hits: byRule.popularity, listed }, seed),
  };
}

function decilesOf(
  rows: ListedRows,
  expected: readonly Expectation[],
  place: ReadonlyMap<number, number>,
  popularity: { hits: Float64Array; listed: Float64Array },
  seed: number,
): LiftDecile[] {
  const order = expected.map((_, r) => r).sort((a, b) => expected[b]!.probability - expected[a]!.probability || a - b);
  const enough = popularity.hits.reduce((sum, hits) => sum + hits, 0) >= leastHits;
  return Array.from({ length: 10 }, (_, d) => {
    const own = order.slice(Math.floor((d * order.length) / 10), Math.floor(((d + 1) * order.length) / 10));
    const [hits, count] = [new Float64Array(place.size), new Float64Array(place.size)];
    let predicted = 0;
    for (const r of own) {
      const i = place.get(rows.customer[r]!)!;
      count[i]! += 1;
      if (rows.spent[r]! > 0) hits[i]! += 1;
      predicted += expected[r]!.probability;
    }
    const found = hits.reduce((sum, h) => sum + h, 0);
    return {
      decile: d + 1,
      rows: own.length,
      predicted: own.length > 0 ? predicted / own.length : 0,
      observed: own.length > 0 ? found / own.length : 0,
      lift: enough
        ? sumsInterval([hits, count, popularity.hits, popularity.listed], (s) => s[0]! / s[1]! / (s[2]! / s[3]!), {
            samples,
            seed,
          })
        : null,
    };
  });
}
