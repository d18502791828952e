import { PerennialError } from '../../contracts/errors.ts';
import { Pace, Random, type TrainHooks } from '../nlp/index.ts';
import { backgroundBefore } from './background.ts';
import { candidatesFor } from './candidates.ts';
import { truthOf } from './evaluate.ts';
import { featureCount, featuresOf } from './features.ts';
import type { ProductVectors } from './product-vectors.ts';
import { someOf } from './sample.ts';
import { snapshotOf } from './snapshot.ts';
import type { SalesTable } from './types.ts';

/** Lists of candidates to learn from: list l holds the rows `start[l] … start[l + 1]`. */
export interface RankingLists {
  readonly start: Int32Array;
  /** Row by row [rows × featureCount]. */
  readonly features: Float32Array;
  /** 1 where the customer bought the product, else 0. */
  readonly label: Uint8Array;
}

export interface WindowOptions {
  /** Only sales before this day are used; default: the day after the last sale. */
  readonly asOfDay?: number;
  /** Days a list is judged by; default 31. */
  readonly horizonDays?: number;
  /** Past windows learned from, newest first, each `stride` days before the next; default 6. */
  readonly windows?: number;
  /** Days between windows; default horizonDays. */
  readonly stride?: number;
  /** Candidates not bought that are kept of a list for each head, drawn by chance; default 160. */
  readonly negatives?: number;
  /** Customers of a window that are learned from, drawn by chance; default 2,000. */
  readonly customersPerWindow?: number;
  readonly seed: number;
}

const mostWindows = 6;
const mostNegatives = 160;
/** Rows of a list beside its negatives, as a rule. */
const usualHits = 64;

class ListBuilder {
  readonly start: number[] = [0];
  readonly labels: number[] = [];
  #features = new Float32Array(0);

  /** Makes room for so many rows: it takes memory only as they come, where moving them would take it twice. */
  reserve(rows: number): void {
    if (rows * featureCount <= this.#features.length) return;
    const room = new Float32Array(rows * featureCount);
    room.set(this.#features.subarray(0, this.labels.length * featureCount));
    this.#features = room;
  }

  add(features: Float32Array, rows: readonly number[], positive: (row: number) => boolean): void {
    const needed = this.labels.length + rows.length;
    if (needed * featureCount > this.#features.length) this.reserve(Math.ceil(1.5 * needed));
    for (const row of rows) {
      const own = features.subarray(row * featureCount, (row + 1) * featureCount);
      this.#features.set(own, this.labels.length * featureCount);
      this.labels.push(positive(row) ? 1 : 0);
    }
    this.start.push(this.labels.length);
  }

  build(): RankingLists {
    return {
      start: Int32Array.from(this.start),
      features: this.#features.subarray(0, this.labels.length * featureCount),
      label: Uint8Array.from(this.labels),
    };
  }
}

/** Lists of one window: features as of `day`, labels from the days after it. */
async function addWindow(
  sales: SalesTable,
  vectors: ProductVectors,
  day: number,
  toDay: number,
  lists: { all: ListBuilder; fresh: ListBuilder },
  { negatives = mostNegatives, customersPerWindow = 2000, windows = mostWindows }: WindowOptions,
  random: Random,
  signal: AbortSignal,
): Promise<void> {
  const truth = truthOf(sales, day, toDay);
  if (truth.all.size === 0) return;
  const rows = windows * Math.min(customersPerWindow, truth.all.size) * (negatives + usualHits);
  for (const builder of [lists.all, lists.fresh]) builder.reserve(rows);
  const snapshot = snapshotOf(backgroundBefore(sales, vectors, day), sales);
  const pace = new Pace(signal);
  await pace.rest();
  for (const [customer, bought] of someOf(truth.all, customersPerWindow, random)) {
    if (pace.due) await pace.rest();
    const scores = snapshot.score(customer);
    const candidates = candidatesFor(snapshot, customer, scores, false);
    const features = featuresOf(snapshot, customer, scores, candidates);
    const isNew = (row: number) => features[row * featureCount] === 0;
    const positive = (row: number) => bought.has(candidates[row]!);
    for (const [builder, keep] of [
      [lists.all, () => true],
      [lists.fresh, isNew],
    ] as const) {
      const rows = Array.from(candidates.keys()).filter(keep);
      const hits = rows.filter(positive);
      if (hits.length === 0 || hits.length === rows.length) continue;
      const others = Int32Array.from(rows.filter((row) => !positive(row)));
      random.shuffle(others);
      builder.add(features, [...hits, ...others.subarray(0, negatives)], positive);
    }
  }
}

/**
 * The lists of all past windows before `asOfDay`. For each window everything is computed as it stood on its first day
 * and compared with what customers bought in the `horizonDays` after it. Windows without customers are skipped.
 *
 * Throws DATA_MISSING when no window holds a customer that bought one of its candidates, CANCELLED on abort.
 */
export async function collectLists(
  sales: SalesTable,
  vectors: ProductVectors,
  options: WindowOptions,
  hooks: Pick<TrainHooks, 'signal' | 'progress'>,
): Promise<{ all: RankingLists; fresh: RankingLists; asOfDay: number }> {
  const horizon = options.horizonDays ?? 31;
  const stride = options.stride ?? horizon;
  const wanted = options.windows ?? mostWindows;
  const firstDay = sales.day[0] ?? 0;
  const asOfDay = options.asOfDay ?? (sales.day.at(-1) ?? 0) + 1;
  const random = new Random(options.seed);
  const lists = { all: new ListBuilder(), fresh: new ListBuilder() };
  for (let w = 0; w < wanted; w++) {
    const day = asOfDay - horizon - w * stride;
    hooks.progress(w, wanted, 'windows');
    if (day <= firstDay) break;
    await addWindow(sales, vectors, day, day + horizon, lists, options, random, hooks.signal);
  }
  hooks.progress(wanted, wanted, 'windows');
  if (lists.all.labels.length === 0) {
    throw new PerennialError(
      'DATA_MISSING',
      `None of the ${wanted} windows of horizonDays=${horizon} before day ${asOfDay} has a returning customer to learn from`,
      { remedy: 'Ingest a longer history of sales, choose a later asOf, or a shorter horizonDays.' },
    );
  }
  const all = lists.all.build();
  // Where nobody bought anything new, the lists of all purchases teach the other head too.
  return { all, fresh: lists.fresh.labels.length > 0 ? lists.fresh.build() : all, asOfDay };
}
