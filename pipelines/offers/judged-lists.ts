import { setImmediate as breathe } from 'node:timers/promises';
import { Random } from '../../domain/nlp/random.ts';
import {
  type BothLists,
  drawPlaces,
  type History,
  historyBefore,
  levelOf,
  type RecommendModel,
  type RecommendOptions,
  recommendBothBy,
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
  return drawPlaces(known.length, most, new Random(seed)).map((place) => known[place]!);
}

/** Hands customers over some at a time, and lets other work in between. */
export async function inParts(
  customers: Int32Array,
  visit: (part: Int32Array) => void,
  progress: (done: number) => void = () => {},
): Promise<void> {
  for (let from = 0; from < customers.length; from += chunk) {
    const part = customers.subarray(from, from + chunk);
    visit(part);
    progress(from + part.length);
    await breathe();
  }
}

/** {@link recommendBothBy}, some customers at a time. */
export async function recommendAllBoth(
  sales: SalesTable,
  model: RecommendModel,
  { customers, ...options }: Omit<RecommendOptions, 'newOnly'>,
  progress?: (done: number) => void,
): Promise<BothLists> {
  const found: BothLists = { all: [], fresh: [] };
  await inParts(
    customers,
    (part) => {
      const { all, fresh } = recommendBothBy(sales, model, { ...options, customers: part });
      found.all.push(...all);
      found.fresh.push(...fresh);
    },
    progress,
  );
  return found;
}

/** The levels of a model's scores in lists as they are judged, at a day. */
export async function levelsOf(
  sales: SalesTable,
  model: RecommendModel,
  { seed, ...options }: Pick<RecommendOptions, 'asOfDay' | 'topK' | 'signal'> & { seed: number },
): Promise<ScoreLevels> {
  const customers = customersToJudge(historyBefore(sales, options.asOfDay), seed, levelCustomers);
  const { all, fresh } = await recommendAllBoth(sales, model, { ...options, customers });
  return { all: levelOf(all), fresh: levelOf(fresh) };
}

/** Products of the lists that are judged: those that are served, and at least the ten that ranking is measured by. */
export const judgedLength = (topK: number): number => Math.max(10, topK);
