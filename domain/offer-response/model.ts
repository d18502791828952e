import { PerennialError } from '../../contracts/errors.ts';
import {
  type Booster,
  type BoostingOptions,
  boosterArrays,
  boosterFrom,
  boosterMeta,
  scoreRows,
  trainBooster,
} from '../boosting/index.ts';
import { type Calibration, calibrated, fitPlatt, uncalibrated } from '../calibration/platt.ts';
import type { TrainHooks } from '../nlp/index.ts';
import { packBytes, unpackBytes } from '../nlp/pack.ts';
import { varyingLogit } from './varying-logit.ts';

/** Offers with their outcomes, ordered by day. */
export interface ResponseRows {
  /** Row-major [rows × width], as known before the day of the offer; NaN is missing. */
  readonly features: Float32Array;
  readonly width: number;
  /** Share of the price that is taken off, 0 to below 1; 0 for an offer held out. */
  readonly discount: Float64Array;
  /** 1 for a sale. */
  readonly sale: Uint8Array;
  /** Days since 1970-01-01. */
  readonly day: Int32Array;
}

/**
 * P(sale) by log odds: base(x) + effect(x) × discount / 10 %, then calibrated. For one customer and product it rises (or
 * falls, for those put off) with the discount without a turn.
 */
export interface ResponseModel {
  readonly base: Booster;
  readonly effect: Booster;
  readonly calibration: Calibration;
  readonly featureNames: readonly string[];
}

export interface ResponseOptions {
  readonly featureNames: readonly string[];
  readonly seed: number;
  /** Share of the rows, the last by day, that the probabilities are calibrated on; default 0.2. */
  readonly calibrateOn?: number;
  readonly base?: Omit<BoostingOptions, 'seed'>;
  readonly effect?: Omit<BoostingOptions, 'seed'>;
}

/** Fewest offers, sales, and offers without a sale, that a model is learned from. */
export const leastRows = 200;
const leastEach = 20;
/** Small trees: what an offer does is faint beside what makes a sale anyway. */
const trees = { rounds: 80, leaves: 4, minLeaf: 40, learningRate: 0.06, l2: 5 } as const;
const effectTrees = { rounds: 80, leaves: 4, minLeaf: 100, learningRate: 0.06, l2: 10 } as const;
/** Log odds are per so much discount. */
const unit = 0.1;
/** Times base and effect are learned in turn. */
const turns = 2;

/** Why `rows` are too few to learn a response from, or null when they are enough. */
export function tooFew({ sale, discount }: Pick<ResponseRows, 'sale' | 'discount'>): string | null {
  const sales = sale.reduce((sum, s) => sum + s, 0);
  const shown = discount.reduce((sum, d) => sum + (d > 0 ? 1 : 0), 0);
  if (sale.length < leastRows) return `${sale.length} offers with their outcome; ${leastRows} are needed`;
  if (sales < leastEach || sale.length - sales < leastEach)
    return `${sales} of ${sale.length} offers led to a sale; ${leastEach} of each outcome are needed`;
  if (shown < leastEach || sale.length - shown < leastEach)
    return `${shown} of ${sale.length} offers had a discount; ${leastEach} with and without one are needed`;
  return null;
}

/**
 * Learns base and effect in turn by boosted trees, each with the other's log odds as offset (backfitting; the effect is a
 * varying coefficient, see {@link varyingLogit}), the first base on offers without a discount. Then the probabilities are
 * calibrated on the last days, which the trees have not seen.
 *
 * @throws DATA_MISSING when {@link tooFew}; PARAMETER_INVALID for arrays that do not belong together or a discount out of
 *   range; CANCELLED on abort.
 */
export async function trainResponse(
  rows: ResponseRows,
  { featureNames, seed, calibrateOn = 0.2, ...options }: ResponseOptions,
  hooks: TrainHooks,
): Promise<ResponseModel> {
  const few = tooFew(rows);
  if (few)
    throw new PerennialError('DATA_MISSING', `A response cannot be learned: ${few}.`, {
      remedy: 'Bring more outcomes of offers into the lake, with holdouts among them.',
    });
  const bad = rows.discount.find((d) => !(d >= 0 && d < 1));
  if (bad !== undefined)
    throw new PerennialError('PARAMETER_INVALID', `discount: ${bad} is not a share from 0 to below 1`, {
      fields: [{ field: 'discount', value: bad, message: 'is not a share from 0 to below 1' }],
      remedy: 'Give discounts as shares of the price: 0.1 is 10 %.',
    });
  const learned = rowsUntil(rows, rows.sale.length - Math.floor(rows.sale.length * calibrateOn));
  // Checkpoints of one booster are none of another; both are learned in seconds.
  const own: TrainHooks = { ...hooks, checkpoint: { load: async () => null, save: async () => {} } };
  const { features, width, discount, sale } = learned;
  const learn = (of: 'base' | 'effect', keep: (row: number) => boolean, offset: Float64Array, turn: number) => {
    const chosen = Int32Array.from(sale.keys()).filter(keep);
    const take = <T extends Float64Array | Uint8Array>(from: T): T => from.filter((_, r) => keep(r)) as T;
    const slope = of === 'base' ? new Float64Array(chosen.length).fill(1) : take(discount).map((d) => d / unit);
    return trainBooster(
      { features: pick(features, width, chosen), width },
      varyingLogit({ label: take(sale), offset: take(offset), slope }),
      { ...(of === 'base' ? { ...trees, ...options.base } : { ...effectTrees, ...options.effect }), seed: seed + turn },
      own,
    );
  };
  const bare = discount.reduce((sum, d) => sum + (d === 0 ? 1 : 0), 0);
  let base = await learn('base', (r) => bare < leastRows || discount[r] === 0, new Float64Array(sale.length), 0);
  let effect = await learn('effect', (r) => discount[r]! > 0, scoreRows(base, features), 1);
  for (let turn = 1; turn < turns; turn++) {
    const moved = scoreRows(effect, features).map((score, r) => (score * discount[r]!) / unit);
    base = await learn('base', () => true, moved, 2 * turn);
    effect = await learn('effect', (r) => discount[r]! > 0, scoreRows(base, features), 2 * turn + 1);
  }
  const raw = { base, effect, calibration: uncalibrated, featureNames };
  const held = rowsFrom(rows, learned.sale.length);
  const calibration =
    held.sale.length > 0 ? fitPlatt(logitsOf(raw, held.features, held.discount), held.sale) : uncalibrated;
  return { ...raw, calibration };
}

function logitsOf({ base, effect }: ResponseModel, features: Float32Array, discount: Float64Array): Float64Array {
  const slopes = scoreRows(effect, features);
  return scoreRows(base, features).map((score, r) => score + (slopes[r]! * discount[r]!) / unit);
}

/** Calibrated P(sale) of each row at its discount. */
export function saleProbabilities(model: ResponseModel, features: Float32Array, discount: Float64Array): Float64Array {
  return logitsOf(model, features, discount).map((logit) => calibrated(model.calibration, logit));
}

/** What the discount of each row adds to its P(sale): P(sale | discount) − P(sale | none). */
export function upliftOf(model: ResponseModel, features: Float32Array, discount: Float64Array): Float64Array {
  const without = saleProbabilities(model, features, new Float64Array(discount.length));
  return saleProbabilities(model, features, discount).map((p, r) => p - without[r]!);
}

/** Rows `from` to below `to`. */
export function sliceRows(rows: ResponseRows, from: number, to: number): ResponseRows {
  return {
    features: rows.features.slice(from * rows.width, to * rows.width),
    width: rows.width,
    discount: rows.discount.slice(from, to),
    sale: rows.sale.slice(from, to),
    day: rows.day.slice(from, to),
  };
}
const rowsFrom = (rows: ResponseRows, from: number) => sliceRows(rows, from, rows.sale.length);
const rowsUntil = (rows: ResponseRows, to: number) => sliceRows(rows, 0, to);

function pick(features: Float32Array, width: number, rows: Int32Array): Float32Array {
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    out.set(features.subarray(row * width, (row + 1) * width), i * width);
  });
  return out;
}

const kind = 'offer-response';
const version = 1;

export function encodeResponse({ base, effect, calibration, featureNames }: ResponseModel): Uint8Array {
  const meta = {
    featureNames: [...featureNames],
    calibration: { ...calibration },
    base: boosterMeta(base),
    effect: boosterMeta(effect),
  };
  return packBytes({
    kind,
    version,
    meta,
    arrays: { ...boosterArrays(base, 'base.'), ...boosterArrays(effect, 'effect.') },
  });
}

/** Reads {@link encodeResponse}; MODEL_FORMAT when the bytes are something else. */
export function decodeResponse(bytes: Uint8Array): ResponseModel {
  const { meta, arrays } = unpackBytes(bytes, kind, version);
  const booster = (name: 'base' | 'effect') =>
    boosterFrom(meta[name] as ReturnType<typeof boosterMeta>, arrays, `${name}.`);
  return {
    base: booster('base'),
    effect: booster('effect'),
    calibration: meta['calibration'] as unknown as Calibration,
    featureNames: meta['featureNames'] as string[],
  };
}
