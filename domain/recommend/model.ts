import { backgroundBefore } from './background.ts';
import type { ClosedForm } from './closed-form.ts';
import { ClosedFormLists } from './closed-form-lists.ts';
import { historyBefore } from './history.ts';
import { lastOf } from './last-of.ts';
import { type ProductStats, productStats } from './product-stats.ts';
import type { ProductVectors } from './product-vectors.ts';
import type { BothLists } from './rank-lists.ts';
import type { Ranker } from './ranker.ts';
import { type Known, type RecommendOptions, recommend, recommendBoth } from './recommend.ts';
import type { Recommendation, SalesTable } from './types.ts';

/** A model of next products: boosted trees over many sources, or what is known in closed form. */
export type RecommendModel =
  | { readonly kind: 'boosted'; readonly vectors: ProductVectors; readonly ranker: Ranker }
  | { readonly kind: 'closed-form'; readonly closedForm: ClosedForm };

const lastLists = lastOf<ClosedFormLists>();

/** The parts of a market share them. */
const listsFor = (
  sales: SalesTable,
  model: ClosedForm,
  { asOfDay, known }: Pick<RecommendOptions, 'asOfDay' | 'known'>,
): ClosedFormLists =>
  lastLists(sales, [model, asOfDay, known], () => new ClosedFormLists(sales, model, asOfDay, known));

/**
 * {@link Known} for lists of customers whose sales are not among `sales`.
 *
 * @param sales of the customers that others are compared with. @param told by the sales of all customers; default: by these.
 */
export function knownBefore(sales: SalesTable, model: RecommendModel, asOfDay: number, told?: ProductStats): Known {
  const background = model.kind === 'boosted' ? backgroundBefore(sales, model.vectors, asOfDay) : null;
  const stats = background?.stats ?? productStats(sales, historyBefore(sales, asOfDay));
  return { stats, told: told ?? stats, background };
}

/** {@link recommend} by a model of either kind. */
export function recommendBy(sales: SalesTable, model: RecommendModel, options: RecommendOptions): Recommendation[] {
  return model.kind === 'boosted'
    ? recommend(sales, model.vectors, model.ranker, options)
    : listsFor(sales, model.closedForm, options).recommend(options.customers, options);
}

/** {@link recommendBoth} by a model of either kind. */
export function recommendBothBy(
  sales: SalesTable,
  model: RecommendModel,
  options: Omit<RecommendOptions, 'newOnly'>,
): BothLists {
  if (model.kind === 'boosted') return recommendBoth(sales, model.vectors, model.ranker, options);
  const lists = listsFor(sales, model.closedForm, options);
  return {
    all: lists.recommend(options.customers, { ...options, newOnly: false }),
    fresh: lists.recommend(options.customers, { ...options, newOnly: true }),
  };
}
