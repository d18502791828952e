import type { TrainHooks } from '../nlp/hooks.ts';
import { Pace } from '../nlp/pace.ts';
import { packBytes, unpackBytes } from '../nlp/pack.ts';
import { Random } from '../nlp/random.ts';
import { type BinnedRows, binRows } from './binning.ts';
import {
  type Booster,
  boosterArrays,
  boosterFrom,
  boosterMeta,
  emptyBooster,
  firstTrees,
  treesOf,
  withTrees,
} from './booster.ts';
import { draw, shareOf } from './draw.ts';
import { emptyData, lengthFault } from './faults.ts';
import { addToBinned, Grower, type Tree } from './grow.ts';
import type { Objective, ValidationMetric } from './objective.ts';
import { type BoostingOptions, type Settings, settingsOf } from './options.ts';
import { addTrees } from './score.ts';

/** Row-major raw features [rows × width], float32; NaN is a missing value. */
export interface Rows {
  readonly features: Float32Array;
  readonly width: number;
}

/** Ends training when `patience` trees have not bettered the metric, and keeps the trees up to the best. */
export interface EarlyStopping extends Rows {
  readonly metric: ValidationMetric;
  /** Default 50. */
  readonly patience?: number;
}

const kind = 'booster-checkpoint';
const version = 1;

/** Units differentiated between two looks at the clock. */
const stride = { lists: 64, rows: 65_536 };

/**
 * Gradient boosting by histograms (Friedman 2001; Ke et al. 2017): each tree follows the derivatives of `objective` at the
 * scores so far, grown leaf by leaf on a sample of rows (or lists) and features. The same data, options and seed give the
 * same bytes; training that goes on from a checkpoint ends with the bytes of one never interrupted.
 *
 * @returns the trees; `scoreRows` applies them.
 * @throws PARAMETER_INVALID for an option out of its range or arrays that do not belong together; DATA_MISSING without
 *   rows or features; CANCELLED within 100 ms of an abort.
 */
export async function trainBooster(
  { features, width }: Rows,
  objective: Objective,
  options: BoostingOptions,
  hooks: TrainHooks,
  stopping?: EarlyStopping,
): Promise<Booster> {
  const settings = settingsOf(options);
  if (!(width > 0)) throw emptyData('width', width);
  if (features.length !== objective.rows * width) {
    throw lengthFault('features', features.length, objective.rows * width);
  }
  if (stopping && (stopping.width !== width || stopping.features.length % width !== 0)) {
    throw lengthFault('stopping.width', stopping.width, width);
  }
  const binned = await binRows(features, width, settings.bins, hooks.signal);
  const training = new Training({ features, width }, binned, objective, settings, hooks, stopping);
  return training.run();
}

class Training {
  readonly #data: Rows;
  readonly #binned: BinnedRows;
  readonly #objective: Objective;
  readonly #settings: Settings;
  readonly #hooks: TrainHooks;
  readonly #stopping: EarlyStopping | undefined;
  readonly #pace: Pace;
  readonly #random: Random;
  readonly #signature: string;
  readonly #scores: Float64Array;
  readonly #validation: Float64Array;
  #booster: Booster;
  /** Grown since `#booster` was put together. */
  #fresh: Tree[] = [];
  #best = { trees: 0, value: Number.NaN };

  constructor(
    data: Rows,
    binned: BinnedRows,
    objective: Objective,
    settings: Settings,
    hooks: TrainHooks,
    stopping: EarlyStopping | undefined,
  ) {
    this.#data = data;
    this.#binned = binned;
    this.#objective = objective;
    this.#settings = settings;
    this.#hooks = hooks;
    this.#stopping = stopping;
    this.#pace = new Pace(hooks.signal);
    this.#random = new Random(settings.seed);
    const { checkpointEvery: _, ...shaping } = settings;
    this.#signature = JSON.stringify([objective.name, binned.rows, data.width, shaping, stopping?.metric.name ?? null]);
    this.#booster = emptyBooster(data.width, objective.initialScore);
    this.#scores = new Float64Array(binned.rows).fill(objective.initialScore);
    const validated = stopping ? stopping.features.length / data.width : 0;
    this.#validation = new Float64Array(validated).fill(objective.initialScore);
  }

  async run(): Promise<Booster> {
    const { rounds, baggingFraction, featureFraction, checkpointEvery } = this.#settings;
    const { rows, start } = this.#objective;
    const units = start ? start.length - 1 : rows;
    const wanted = shareOf(units, baggingFraction);
    const used = shareOf(this.#data.width, featureFraction);
    const grower = new Grower(this.#binned, this.#settings, { rows, features: used }, this.#pace);
    const derivatives = new Float32Array(2 * rows);
    await this.#resume();
    for (let round = treesOf(this.#booster); round < rounds && !this.#exhausted(round); round++) {
      const drawn = draw(units, wanted, this.#random);
      const features = draw(this.#data.width, used, this.#random);
      const step = start ? stride.lists : stride.rows;
      for (let u = 0; u < drawn.length; u += step) {
        this.#objective.derive(this.#scores, drawn.subarray(u, u + step), derivatives);
        if (this.#pace.due) await this.#pace.rest();
      }
      const { inside, outside } = partRows(drawn, start, rows);
      const tree = await grower.grow(inside, features, derivatives, this.#scores);
      addToBinned(tree, this.#binned, outside, this.#scores);
      this.#fresh.push(tree);
      if (this.#stopping) this.#validate(this.#stopping, tree, round + 1);
      this.#hooks.progress(round + 1, rounds, 'trees');
      if ((round + 1) % checkpointEvery === 0 && round + 1 < rounds) await this.#save();
      if (this.#pace.due) await this.#pace.rest();
    }
    this.#gather();
    return this.#stopping ? firstTrees(this.#booster, this.#best.trees) : this.#booster;
  }

  #exhausted(round: number): boolean {
    return this.#stopping !== undefined && round - this.#best.trees >= (this.#stopping.patience ?? 50);
  }

  #validate({ metric, features }: EarlyStopping, tree: Tree, trees: number): void {
    addTrees(withTrees(emptyBooster(this.#data.width, 0), [tree]), 0, 1, features, this.#validation);
    const value = metric.of(this.#validation);
    const { value: best } = this.#best;
    const better = Number.isNaN(best) || (metric.higherIsBetter ? value > best : value < best);
    if (better) this.#best = { trees, value };
  }

  #gather(): void {
    this.#booster = withTrees(this.#booster, this.#fresh);
    this.#fresh = [];
  }

  async #save(): Promise<void> {
    this.#gather();
    const { trees, value } = this.#best;
    const best = Number.isNaN(value) ? null : { trees, value };
    const meta = { signature: this.#signature, random: this.#random.state, best, ...boosterMeta(this.#booster) };
    await this.#hooks.checkpoint.save(packBytes({ kind, version, meta, arrays: boosterArrays(this.#booster) }));
  }

  /** Takes up the trees of the checkpoint and adds them to the scores in their order, as they were added first. */
  async #resume(): Promise<void> {
    const saved = await this.#hooks.checkpoint.load();
    if (!saved) return;
    const { meta, arrays } = unpackBytes(saved, kind, version);
    if (meta['signature'] !== this.#signature) return;
    this.#booster = boosterFrom(meta, arrays);
    this.#random.state = Number(meta['random']);
    this.#best = (meta['best'] as { trees: number; value: number } | null) ?? this.#best;
    for (let t = 0; t < treesOf(this.#booster); t++) {
      addTrees(this.#booster, t, t + 1, this.#data.features, this.#scores);
      if (this.#stopping) addTrees(this.#booster, t, t + 1, this.#stopping.features, this.#validation);
      if (this.#pace.due) await this.#pace.rest();
    }
  }
}

/** The rows of the drawn units and those of the others, both ascending. */
function partRows(
  drawn: Int32Array,
  start: Int32Array | null,
  rows: number,
): { inside: Int32Array; outside: Int32Array } {
  let count = drawn.length;
  if (start) {
    count = 0;
    for (const unit of drawn) count += start[unit + 1]! - start[unit]!;
  }
  const inside = new Int32Array(count);
  const outside = new Int32Array(rows - count);
  let [next, i, o] = [0, 0, 0];
  for (let d = 0; d < drawn.length; d++) {
    const unit = drawn[d]!;
    const [from, to] = start ? [start[unit]!, start[unit + 1]!] : [unit, unit + 1];
    while (next < from) outside[o++] = next++;
    while (next < to) inside[i++] = next++;
  }
  while (next < rows) outside[o++] = next++;
  return { inside, outside };
}
