import type { Random } from '../../../domain/nlp/random.ts';
import { type DemoProduct, themeCount } from './catalogue.ts';

export interface DemoMarket {
  readonly name: string;
  /** Share of customers. */
  readonly share: number;
  /** Taste of the market: weight of each theme. */
  readonly taste: readonly number[];
}

/** A customer with what the generator knows and a model has to find out. */
export interface DemoCustomer {
  readonly id: string;
  readonly market: string;
  /** Mean days between orders. */
  readonly everyDays: number;
  /** Index of the day of its first order. */
  nextDay: number;
  /** Products it uses all the time, indices of the catalogue: bought here again and again. */
  readonly staples: readonly number[];
  /** Products it uses but buys elsewhere: the planted assortment gap. */
  readonly gap: readonly number[];
  /** Themes it likes, most first. */
  readonly themes: readonly number[];
  /** How strongly discounts move it, 1 to 2. */
  readonly discountEffect: number;
}

const names = ['United Kingdom', 'Germany', 'France', 'Spain', 'Netherlands', 'Belgium', 'Sweden', 'Italy'];

/** Markets with tastes of their own; the first is the largest. */
export function makeMarkets(count: number, random: Random): DemoMarket[] {
  const chosen = names.slice(0, Math.max(1, Math.min(count, names.length)));
  const weights = chosen.map((_, i) => 1 / (i + 1));
  const sum = weights.reduce((a, b) => a + b, 0);
  return chosen.map((name, i) => ({
    name,
    share: (weights[i] ?? 0) / sum,
    taste: Array.from({ length: themeCount }, () => 0.3 + random.next() ** 2 * 2),
  }));
}

/** How many times as many products a customer buys of a large catalogue as of one of up to 400. */
export function breadthOf(catalogue: readonly DemoProduct[]): number {
  return Math.max(1, Math.cbrt(catalogue.length / 400));
}

export function makeCustomer(
  i: number,
  markets: readonly DemoMarket[],
  catalogue: readonly DemoProduct[],
  days: number,
  random: Random,
): DemoCustomer {
  const market = markets[
    weighted(
      markets.map((m) => m.share),
      random,
    )
  ] as DemoMarket;
  const themes = [0, 1, 2].map(() => weighted(market.taste, random));
  const fromTheme = (theme: number): number => {
    const size = Math.ceil((catalogue.length - theme) / themeCount);
    // Within a theme the first products are the popular ones.
    return Math.min(catalogue.length - 1, theme + themeCount * Math.floor(size * random.next() ** 2));
  };
  const some = (count: number): number[] => [
    ...new Set(Array.from({ length: count }, () => fromTheme(themes[random.below(themes.length)] ?? 0))),
  ];
  const staples = some(Math.round((3 + random.below(6)) * breadthOf(catalogue)));
  const everyDays = 7 + Math.round(Math.exp(2.2 + 0.7 * random.normal()));
  return {
    id: String(12_000 + i),
    market: market.name,
    everyDays,
    nextDay: Math.floor(random.next() * Math.min(days, everyDays * 3)),
    staples,
    gap: some(2 + random.below(4)).filter((p) => !staples.includes(p)),
    themes,
    discountEffect: 1 + random.next(),
  };
}

/** An index drawn with probability in proportion to its weight. */
export function weighted(weights: readonly number[], random: Random): number {
  let left = random.next() * weights.reduce((a, b) => a + b, 0);
  for (const [i, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return i;
  }
  return weights.length - 1;
}
