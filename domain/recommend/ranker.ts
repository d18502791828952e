import { PerennialError } from '../../contracts/errors.ts';
import { packBytes, type TrainHooks, unpackBytes } from '../nlp/index.ts';
import { type Combiner, type CombinerOptions, type RankingLists, trainCombiner } from './combiner.ts';
import { featureCount, featureNames } from './features.ts';
import type { ProductVectors } from './product-vectors.ts';
import type { SalesTable } from './types.ts';
import { collectLists, type WindowOptions } from './windows.ts';

/** The learned part of recommending: how to weigh the sources. Networks of one head are averaged. */
export interface Ranker {
  /** Ranks everything, what the customer owns included. */
  readonly all: readonly Combiner[];
  /** Ranks products the customer has never bought. */
  readonly fresh: readonly Combiner[];
  /** Days since 1970-01-01; nothing of this day or later was learned from. */
  readonly asOfDay: number;
}

export interface RankerOptions extends WindowOptions {
  /** Networks averaged in each head; default 2. */
  readonly members?: number;
  /** Settings of the networks of a head, over those of {@link headDefaults}. */
  readonly all?: Omit<CombinerOptions, 'seed'>;
  readonly fresh?: Omit<CombinerOptions, 'seed'>;
}

/** Repeat purchases follow few strong signals and overfit soon; new products need the larger network and more passes. */
const headDefaults = {
  all: { hidden: [16, 8], dropout: 0.15, decay: 0.5, epochs: 4 },
  fresh: { hidden: [64, 32], dropout: 0.1, epochs: 6 },
} as const satisfies Record<string, Omit<CombinerOptions, 'seed'>>;

/**
 * Learns to weigh the sources on past windows (see {@link collectLists}), with one set of networks for all products
 * and one for new products only.
 *
 * Throws DATA_MISSING when no window holds a customer that bought one of its candidates, CANCELLED on abort.
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

/** The learning half of {@link trainRanker}, on lists collected before. */
export async function fitRanker(
  lists: { all: RankingLists; fresh: RankingLists; asOfDay: number },
  options: RankerOptions,
  hooks: Pick<TrainHooks, 'signal' | 'progress' | 'metric'>,
): Promise<Ranker> {
  const members = options.members ?? 2;
  const fitHead = async (name: 'all' | 'fresh', head: number): Promise<Combiner[]> => {
    const combiners: Combiner[] = [];
    let running = Number.NaN;
    for (let m = 0; m < members; m++) {
      const seed = options.seed * 1000 + head * 100 + m;
      const part = head * members + m;
      const settings = { ...headDefaults[name], ...options[name], seed };
      const combiner = await trainCombiner(lists[name], featureCount, settings, hooks, (done, steps, loss) => {
        running = Number.isNaN(running) ? loss : 0.98 * running + 0.02 * loss;
        hooks.progress(part * steps + done, 2 * members * steps, 'steps');
      });
      combiners.push(combiner);
    }
    hooks.metric(`ranker_${name}_loss`, running);
    return combiners;
  };
  return { all: await fitHead('all', 0), fresh: await fitHead('fresh', 1), asOfDay: lists.asOfDay };
}

const kind = 'ranker';
const version = 1;

export function encodeRanker(ranker: Ranker): Uint8Array {
  const arrays: Record<string, Float32Array> = {};
  for (const head of ['all', 'fresh'] as const) {
    ranker[head].forEach((combiner, m) => {
      arrays[`${head}.${m}.mean`] = combiner.mean;
      arrays[`${head}.${m}.scale`] = combiner.scale;
      combiner.weights.forEach((weight, i) => {
        arrays[`${head}.${m}.${i}`] = weight;
      });
    });
  }
  const meta = {
    asOfDay: ranker.asOfDay,
    features: [...featureNames],
    all: ranker.all.map((combiner) => [...combiner.hidden]),
    fresh: ranker.fresh.map((combiner) => [...combiner.hidden]),
  };
  return packBytes({ kind, version, meta, arrays });
}

/** Reads {@link encodeRanker}; MODEL_FORMAT when the bytes are something else or were made for other features. */
export function decodeRanker(bytes: Uint8Array): Ranker {
  const { meta, arrays } = unpackBytes(bytes, kind, version);
  const { asOfDay, features, ...heads } = meta as {
    asOfDay: number;
    features: string[];
    all: [number, number][];
    fresh: [number, number][];
  };
  if (features.join() !== featureNames.join()) {
    throw new PerennialError(
      'MODEL_FORMAT',
      `The ranker was trained on ${features.length} other features than this software computes`,
      {
        remedy: 'Train the model again with this version of the software.',
      },
    );
  }
  const head = (name: 'all' | 'fresh'): Combiner[] =>
    heads[name].map((hidden, m) => ({
      width: featureCount,
      hidden,
      mean: arrays[`${name}.${m}.mean`]!,
      scale: arrays[`${name}.${m}.scale`]!,
      weights: Array.from({ length: 6 }, (_, i) => arrays[`${name}.${m}.${i}`]!),
    }));
  return { all: head('all'), fresh: head('fresh'), asOfDay };
}
