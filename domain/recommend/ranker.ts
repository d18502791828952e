import { PerennialError } from '../../contracts/errors.ts';
import {
  type Booster,
  type BoostingOptions,
  boosterArrays,
  boosterFrom,
  boosterMeta,
  lambdarank,
  trainBooster,
} from '../boosting/index.ts';
import { packBytes, type TrainHooks, unpackBytes } from '../nlp/index.ts';
import { featureCount, featureNames } from './features.ts';
import type { ProductVectors } from './product-vectors.ts';
import { headHooks } from './ranker-checkpoint.ts';
import type { SalesTable } from './types.ts';
import { collectLists, type RankingLists, type WindowOptions } from './windows.ts';

/** The learned part of recommending: how to weigh the sources, as boosted trees over the features. */
export interface Ranker {
  /** Ranks everything, what the customer owns included. */
  readonly all: Booster;
  /** Ranks products the customer has never bought. */
  readonly fresh: Booster;
  /** Days since 1970-01-01; nothing of this day or later was learned from. */
  readonly asOfDay: number;
}

export interface RankerOptions extends WindowOptions {
  /** Settings of the trees of a head; default: those of boosting, and fewer trees of few lists. */
  readonly all?: Omit<BoostingOptions, 'seed'>;
  readonly fresh?: Omit<BoostingOptions, 'seed'>;
}

/**
 * Learns to weigh the sources on past windows (see {@link collectLists}) by LambdaMART, with one booster for all products
 * and one for new products only. Saves checkpoints and goes on from them to the bit.
 *
 * Throws DATA_MISSING when no window holds a customer that bought one of its candidates, PARAMETER_INVALID for settings
 * out of their range, CANCELLED on abort.
 */
export async function trainRanker(
  sales: SalesTable,
  vectors: ProductVectors,
  options: RankerOptions,
  hooks: TrainHooks,
): Promise<Ranker> {
  const lists = await collectLists(sales, vectors, options, hooks);
  return fitRanker(lists, options, hooks);
}

/** Trees of a head: a few lists say all they know in few trees, and more only repeat their chance. */
export function roundsFor(lists: number): number {
  return Math.min(300, Math.max(40, Math.round(lists / 15)));
}

/** The learning half of {@link trainRanker}, on lists collected before. */
export async function fitRanker(
  lists: { all: RankingLists; fresh: RankingLists; asOfDay: number },
  options: RankerOptions,
  hooks: TrainHooks,
): Promise<Ranker> {
  const settings = (head: 'all' | 'fresh', seed: number): BoostingOptions & { rounds: number } => ({
    ...options[head],
    rounds: options[head]?.rounds ?? roundsFor(lists[head].start.length - 1),
    seed,
  });
  const [all, fresh] = [settings('all', options.seed * 2), settings('fresh', options.seed * 2 + 1)];
  const signature = JSON.stringify([options.seed, lists.asOfDay, lists.all.label.length, lists.fresh.label.length]);
  const heads = await headHooks(hooks, signature, all.rounds, fresh.rounds);
  const boost = ({ features, start, label }: RankingLists, of: BoostingOptions, own: TrainHooks) =>
    trainBooster({ features, width: featureCount }, lambdarank({ start, label }), of, own);
  const first = heads.first ?? (await boost(lists.all, all, heads.hooks));
  const second = await boost(lists.fresh, fresh, await heads.next(first));
  return { all: first, fresh: second, asOfDay: lists.asOfDay };
}

const kind = 'ranker';
const version = 2;

export function encodeRanker(ranker: Ranker): Uint8Array {
  const { all, fresh, asOfDay } = ranker;
  const meta = { asOfDay, features: [...featureNames], all: boosterMeta(all), fresh: boosterMeta(fresh) };
  const arrays = { ...boosterArrays(all, 'all.'), ...boosterArrays(fresh, 'fresh.') };
  return packBytes({ kind, version, meta, arrays });
}

/** Reads {@link encodeRanker}; MODEL_FORMAT when the bytes are something else or were made for other features. */
export function decodeRanker(bytes: Uint8Array): Ranker {
  const { meta, arrays } = unpackBytes(bytes, kind, version);
  const { asOfDay, features } = meta as { asOfDay: number; features: string[] };
  if (features.join() !== featureNames.join()) {
    throw new PerennialError(
      'MODEL_FORMAT',
      `The ranker was trained on ${features.length} other features than this software computes`,
      {
        remedy: 'Train the model again with this version of the software.',
      },
    );
  }
  const head = (name: 'all' | 'fresh') => boosterFrom(meta[name] as ReturnType<typeof boosterMeta>, arrays, `${name}.`);
  return { all: head('all'), fresh: head('fresh'), asOfDay };
}
