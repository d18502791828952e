import type { ClosedForm } from './closed-form.ts';
import { ClosedFormLists } from './closed-form-lists.ts';
import { lastOf } from './last-of.ts';
import type { ProductVectors } from './product-vectors.ts';
import type { Ranker } from './ranker.ts';
import { type BothLists, type RecommendOptions, recommend, recommendBoth } from './recommend.ts';
import type { Recommendation, SalesTable } from './types.ts';

/** A model of next products: boosted trees over many sources, or what is known in closed form. */
export type RecommendModel =
  | { readonly kind: 'boosted'; readonly vectors: ProductVectors; readonly ranker: Ranker }
  | { readonly kind: 'closed-form'; readonly closedForm: ClosedForm };

const lastLists = lastOf<ClosedFormLists>();

/** The parts of a market share them. */
const listsFor = (sales: SalesTable, model: ClosedForm, asOfDay: number): ClosedFormLists =>
  lastLists(sales, [model, asOfDay], () => new ClosedFormLists(sales, model, asOfDay));

/** {@link recommend} by a model of either kind. */
export function recommendBy(sales: SalesTable, model: RecommendModel, options: RecommendOptions): Recommendation[] {
  return model.kind === 'boosted'
    ? recommend(sales, model.vectors, model.ranker, options)
    : listsFor(sales, model.closedForm, options.asOfDay).recommend(options.customers, options);
}

/** {@link recommendBoth} by a model of either kind. */
export function recommendBothBy(
  sales: SalesTable,
  model: RecommendModel,
  options: Omit<RecommendOptions, 'newOnly'>,
): BothLists {
  if (model.kind === 'boosted') return recommendBoth(sales, model.vectors, model.ranker, options);
  const lists = listsFor(sales, model.closedForm, options.asOfDay);
  return {
    all: lists.recommend(options.customers, { ...options, newOnly: false }),
    fresh: lists.recommend(options.customers, { ...options, newOnly: true }),
  };
}
