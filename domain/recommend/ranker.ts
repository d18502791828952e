import { PerennialError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { packBytes, type TrainHooks, unpackBytes } from '../nlp/index.ts';
import { type Combiner, type CombinerOptions, combinerSteps, type RankingLists, trainCombiner } from './combiner.ts';
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
 * and one for new products only. Saves a checkpoint after every network and goes on from it.
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

const heads = ['all', 'fresh'] as const;
type Head = (typeof heads)[number];

/** The learning half of {@link trainRanker}, on lists collected before. */
export async function fitRanker(
  lists: { all: RankingLists; fresh: RankingLists; asOfDay: number },
  options: RankerOptions,
  hooks: TrainHooks,
): Promise<Ranker> {
  const members = options.members ?? 2;
  const settingsOf = (head: Head) => ({ ...headDefaults[head], ...options[head] });
  const stepsOf = (head: Head) => combinerSteps(lists[head], settingsOf(head));
  const total = members * (stepsOf('all') + stepsOf('fresh'));
  const signature = JSON.stringify([options.seed, lists.asOfDay, lists.all.label.length, lists.fresh.label.length]);
  const made: Record<Head, Combiner[]> = { all: [], fresh: [] };
  const saved = await hooks.checkpoint.load();
  if (saved) {
    const { meta, arrays } = unpackBytes(saved, checkpointKind, version);
    if (meta['signature'] === signature) for (const head of heads) made[head] = fromArrays(arrays, meta, head);
  }
  let before = 0;
  for (const [h, head] of heads.entries()) {
    let running = Number.NaN;
    for (let m = 0; m < members; m++) {
      if (m >= made[head].length) {
        const seed = options.seed * 1000 + h * 100 + m;
        const combiner = await trainCombiner(
          lists[head],
          featureCount,
          { ...settingsOf(head), seed },
          hooks,
          (done, loss) => {
            running = Number.isNaN(running) ? loss : 0.98 * running + 0.02 * loss;
            hooks.progress(before + done, total, 'steps');
          },
        );
        made[head].push(combiner);
        const meta = { signature, ...hiddenOf(made) };
        await hooks.checkpoint.save(packBytes({ kind: checkpointKind, version, meta, arrays: toArrays(made) }));
      }
      before += stepsOf(head);
    }
    if (!Number.isNaN(running)) hooks.metric(`ranker_${head}_loss`, running);
  }
  return { ...made, asOfDay: lists.asOfDay };
}

const kind = 'ranker';
const version = 1;

const checkpointKind = 'ranker-checkpoint';

function toArrays(networks: Readonly<Record<Head, readonly Combiner[]>>): Record<string, Float32Array> {
  const arrays: Record<string, Float32Array> = {};
  for (const head of heads) {
    networks[head].forEach((combiner, m) => {
      arrays[`${head}.${m}.mean`] = combiner.mean;
      arrays[`${head}.${m}.scale`] = combiner.scale;
      combiner.weights.forEach((weight, i) => {
        arrays[`${head}.${m}.${i}`] = weight;
      });
    });
  }
  return arrays;
}

/** Sizes of the hidden layers of each network, by head. */
function hiddenOf(networks: Readonly<Record<Head, readonly Combiner[]>>): Record<Head, number[][]> {
  const hidden = (head: Head) => networks[head].map((combiner) => [...combiner.hidden]);
  return { all: hidden('all'), fresh: hidden('fresh') };
}

function fromArrays(arrays: Readonly<Record<string, Float32Array>>, meta: JsonObject, head: Head): Combiner[] {
  return (meta[head] as [number, number][]).map((hidden, m) => ({
    width: featureCount,
    hidden,
    mean: arrays[`${head}.${m}.mean`]!,
    scale: arrays[`${head}.${m}.scale`]!,
    weights: Array.from({ length: 6 }, (_, i) => arrays[`${head}.${m}.${i}`]!),
  }));
}

export function encodeRanker(ranker: Ranker): Uint8Array {
  const meta = { asOfDay: ranker.asOfDay, features: [...featureNames], ...hiddenOf(ranker) };
  return packBytes({ kind, version, meta, arrays: toArrays(ranker) });
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
  return { all: fromArrays(arrays, meta, 'all'), fresh: fromArrays(arrays, meta, 'fresh'), asOfDay };
}
