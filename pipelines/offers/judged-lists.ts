import { setImmediate as breathe } from 'node:timers/promises';
import { Random } from '../../domain/nlp/random.ts';
import {
  type History,
  historyBefore,
  levelOf,
  type Recommendation,
  type RecommendModel,
  type RecommendOptions,
  recommendBy,
  type SalesTable,
  type ScoreLevels,
} from '../../domain/recommend/index.ts';

/** Customers whose lists tell the level of a model's scores: so many tell it to within some hundredths. */
const levelCustomers = 500;
/** Customers whose lists are judged at most: 20,000 say what a million would, to within a percent. */
const judgedCustomers = 20_000;
/** Customers between two looks at whether to stop, and reports of progress. */
const chunk = 100;

/** The customers that had bought before the day of the history, or a draw of `most` where they are more; ascending. */
export function customersToJudge({ baskets }: History, seed: number, most = judgedCustomers): Int32Array {
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

/** The levels of a model's scores in lists as they are judged, at a day. */
export async function levelsOf(
  sales: SalesTable,
  model: RecommendModel,
  { seed, ...options }: Pick<RecommendOptions, 'asOfDay' | 'topK' | 'signal'> & { seed: number },
): Promise<ScoreLevels> {
  const customers = customersToJudge(historyBefore(sales, options.asOfDay), seed, levelCustomers);
  const level = async (newOnly: boolean) =>
    levelOf(await recommendAll(sales, model, { ...options, customers, newOnly }, () => {}));
  return { all: await level(false), fresh: await level(true) };
}

/** Products of the lists that are judged: those that are served, and at least the ten that ranking is measured by. */
export const judgedLength = (topK: number): number => Math.max(10, topK);
