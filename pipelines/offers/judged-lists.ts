import { setImmediate as breathe } from 'node:timers/promises';
import { Random } from '../../domain/nlp/random.ts';
import {
  type History,
  type Recommendation,
  type RecommendModel,
  type RecommendOptions,
  recommendBy,
  type SalesTable,
} from '../../domain/recommend/index.ts';

/** Customers whose lists are judged at most: 20,000 say what a million would, to within a percent. */
const most = 20_000;
/** Customers between two looks at whether to stop, and reports of progress. */
const chunk = 100;

/** The customers that had bought before the day of the history, or a draw of them where they are very many; ascending. */
export function customersToJudge({ baskets }: History, seed: number): Int32Array {
  const known = Int32Array.from(baskets.keys()).filter((c) => baskets[c]! > 0);
  if (known.length <= most) return known;
  new Random(seed).shuffle(known);
  return known.slice(0, most).sort();
}

/** {@link recommendBy}, some customers at a time. */
export async function recommendAll(
  sales: SalesTable,
  model: RecommendModel,
  options: RecommendOptions,
  progress: (done: number) => void,
): Promise<Recommendation[]> {
  const { customers } = options;
  const found: Recommendation[][] = [];
  for (let from = 0; from < customers.length; from += chunk) {
    const part = customers.subarray(from, from + chunk);
    found.push(recommendBy(sales, model, { ...options, customers: part }));
    progress(from + part.length);
    await breathe();
  }
  return found.flat();
}
