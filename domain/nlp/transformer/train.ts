import { PerennialError } from '../../../contracts/errors.ts';
import { breathe } from '../breathe.ts';
import type { TrainHooks } from '../hooks.ts';
import { Random } from '../random.ts';
import { averageWeights, mixWeights } from './average.ts';
import { type Batch, checkExamples, type Example, planBatches, toBatch } from './batches.ts';
import {
  type Checkpoint,
  type Evaluation,
  type Position,
  packCheckpoint,
  type Snapshot,
  unpackCheckpoint,
} from './checkpoint.ts';
import { inverseSquareRoot } from './schedule.ts';
import type { TransformerShape, TransformerWeights } from './shape.ts';
import { settingsOf, signatureOf, type TrainOptions, type TrainSettings } from './train-options.ts';
import { Transformer } from './transformer.ts';

export interface Trained {
  /**
   * Mean of the best snapshots, or the best alone where it does better on the development set; where training began with
   * weights, a part of the way back to these where that does no worse.
   */
  readonly weights: TransformerWeights;
  readonly history: readonly Evaluation[];
  readonly steps: number;
  /** Of `weights`, nats a token. */
  readonly devLoss: number;
  /** What `devScore` said of `weights`; null without it. */
  readonly devScore: number | null;
  readonly stopped: 'epochs' | 'steps' | 'time' | 'patience';
}

/**
 * Trains a translation model: batches by number of subwords, inverse square root schedule, early stop by the development set,
 * mean of the best snapshots. Goes on from the checkpoint of an interrupted training with the same options, to the bit on
 * the same number of threads: what is drawn depends on seed, epoch and step alone.
 *
 * @throws PARAMETER_INVALID for options out of range and when the loss is no longer a number, DATA_MISSING without examples,
 * SOURCE_INVALID for an example that the model cannot take, CANCELLED within a step of the signal.
 */
export async function trainTransformer(options: TrainOptions, hooks: TrainHooks): Promise<Trained> {
  const training = new Training(options, hooks);
  try {
    return await training.run();
  } finally {
    training.dispose();
  }
}

const nowhere: Position = { epoch: 0, batch: 0, lossSum: 0, lossTokens: 0, sinceBest: 0, seconds: 0 };
/** Between two reports of loss and speed. */
const reportSeconds = 10;

class Training {
  readonly #settings: TrainSettings;
  readonly #hooks: TrainHooks;
  readonly #signature: string;
  readonly #model: Transformer;
  readonly #devBatches: Batch[];
  #position = nowhere;
  #history: Evaluation[] = [];
  #snapshots: Snapshot[] = [];
  #savedAt = performance.now();
  #clock = performance.now();
  #reported = { at: performance.now(), tokens: 0, loss: 0 };

  constructor(options: TrainOptions, hooks: TrainHooks) {
    const settings = settingsOf(options);
    const { shape, labelSmoothing, dropout, consistency, clip, seed, start, dev } = settings;
    this.#settings = settings;
    this.#hooks = hooks;
    this.#signature = signatureOf(settings);
    needExamples(dev, 'the development set', shape);
    this.#devBatches = batchesOf(dev, settings.tokensPerBatch, new Random(0));
    this.#model = new Transformer(
      shape,
      { labelSmoothing, dropout, consistency, seed, ...(clip === undefined ? {} : { clip }) },
      start,
    );
  }

  dispose(): void {
    this.#model.dispose();
  }

  async run(): Promise<Trained> {
    await this.#resume();
    let stopped = this.#reasonToStop();
    while (stopped === undefined) {
      const { epoch } = this.#position;
      const examples = await this.#settings.examples(epoch);
      needExamples(examples, `epoch ${epoch}`, this.#settings.shape);
      stopped = await this.#epoch(examples);
    }
    if (this.#history.at(-1)?.step !== this.#model.steps) await this.#evaluate();
    return { ...(await this.#finish()), history: this.#history, steps: this.#model.steps, stopped };
  }

  async #epoch(examples: readonly Example[]): Promise<Trained['stopped'] | undefined> {
    const { tokensPerBatch, seed, evaluateEvery } = this.#settings;
    const random = new Random(Math.imul(seed, 0x85ebca6b) + this.#position.epoch);
    const plan = planBatches(lengthsOf(examples), tokensPerBatch, random);
    for (let i = this.#position.batch; i < plan.length; i++) {
      this.#step(toBatch(Array.from(plan[i] ?? [], (example) => examples[example] as Example)));
      const isLast = i + 1 === plan.length;
      const { epoch } = this.#position;
      this.#move(isLast ? { epoch: epoch + 1, batch: 0 } : { batch: i + 1 });
      this.#report(plan.length);
      await breathe(this.#hooks.signal);
      const due = evaluateEvery === undefined ? isLast : this.#model.steps % evaluateEvery === 0;
      if (due) await this.#evaluate();
      const stopped = this.#reasonToStop();
      if (stopped !== undefined) return stopped;
      if (performance.now() - this.#savedAt >= 1000 * this.#settings.checkpointSeconds) await this.#save();
    }
    return undefined;
  }

  #step(batch: Batch): void {
    const rate = inverseSquareRoot(this.#model.steps + 1, this.#settings);
    const { loss, tokens } = this.#model.step(batch, rate);
    if (!Number.isFinite(loss))
      throw new PerennialError(
        'PARAMETER_INVALID',
        `The loss of step ${this.#model.steps} is ${loss}: training diverged`,
        {
          remedy: `Use a lower rate than ${this.#settings.rate}, a longer warm-up, or clip.`,
        },
      );
    const { lossSum, lossTokens } = this.#position;
    this.#move({ lossSum: lossSum + loss * tokens, lossTokens: lossTokens + tokens });
    this.#reported.tokens += tokens;
    this.#reported.loss += loss * tokens;
  }

  /** Loss, and score where one is asked for, on the development set; remembers the weights when they are among the best. */
  async #evaluate(): Promise<void> {
    this.#reportSpeed();
    const { devLoss, score } = await this.#measure();
    // The time of evaluations is no time of training.
    this.#reported.at = performance.now();
    const { lossSum, lossTokens, epoch, sinceBest } = this.#position;
    const value = orderOf(devLoss, score);
    const isBest = this.#snapshots.every((snapshot) => value < snapshot.value);
    const step = this.#model.steps;
    this.#snapshots.push({ value, step, weights: this.#model.weights() });
    this.#snapshots.sort((a, b) => a.value - b.value || b.step - a.step).splice(this.#settings.average);
    const trainLoss = lossTokens > 0 ? lossSum / lossTokens : null;
    this.#history.push({ step, epoch, trainLoss, devLoss, score, seconds: this.#seconds() });
    this.#move({ lossSum: 0, lossTokens: 0, sinceBest: isBest ? 0 : sinceBest + 1 });
    this.#hooks.metric('dev_loss', devLoss);
    if (score !== null) this.#hooks.metric('dev_score', score);
  }

  async #measure(): Promise<{ devLoss: number; score: number | null }> {
    let sum = 0;
    let count = 0;
    for (const batch of this.#devBatches) {
      sum += this.#model.loss(batch) * batch.tokens;
      count += batch.tokens;
      await breathe(this.#hooks.signal);
    }
    const { dev, devScore } = this.#settings;
    if (!devScore) return { devLoss: sum / count, score: null };
    const translations: Int32Array[] = [];
    for (let from = 0; from < dev.length; from += translatedTogether) {
      translations.push(...this.#model.translate(dev.slice(from, from + translatedTogether)));
      await breathe(this.#hooks.signal);
    }
    return { devLoss: sum / count, score: devScore(translations) };
  }

  async #finish(): Promise<Pick<Trained, 'weights' | 'devLoss' | 'devScore'>> {
    // Only now, when no step follows, may the weights change without the optimiser's state.
    const measured = async (weights: TransformerWeights) => {
      this.#model.assign(weights);
      const { devLoss, score } = await this.#measure();
      return { weights, devLoss, devScore: score };
    };
    const best = await measured((this.#snapshots[0] as Snapshot).weights);
    const mean =
      this.#snapshots.length === 1
        ? best
        : await measured(averageWeights(this.#snapshots.map(({ weights }) => weights)));
    const trained = noWorse(mean, best) ? mean : best;
    const { start } = this.#settings;
    if (!start) return trained;
    let chosen = trained;
    for (const share of sharesOfTheWay) {
      const mixed = await measured(mixWeights(start, trained.weights, share));
      if (!noWorse(mixed, chosen)) break;
      chosen = mixed;
    }
    return chosen;
  }

  #reasonToStop(): Trained['stopped'] | undefined {
    const { epochs, steps, hours, patience } = this.#settings;
    if (this.#position.sinceBest >= patience) return 'patience';
    if (this.#position.epoch >= epochs) return 'epochs';
    if (steps !== undefined && this.#model.steps >= steps) return 'steps';
    if (hours !== undefined && this.#seconds() >= 3600 * hours) return 'time';
    return undefined;
  }

  #seconds(): number {
    return this.#position.seconds + (performance.now() - this.#clock) / 1000;
  }

  #move(change: Partial<Position>): void {
    this.#position = { ...this.#position, ...change };
  }

  /** Done and expected steps: by the limit that will be reached first. */
  #report(batches: number): void {
    const { epochs, steps, hours } = this.#settings;
    const { epoch, batch } = this.#position;
    const done = this.#model.steps;
    const left = (epochs - epoch) * batches - batch;
    const byTime = hours === undefined ? Infinity : Math.ceil((done * 3600 * hours) / this.#seconds());
    this.#hooks.progress(done, Math.max(done, Math.min(done + left, steps ?? Infinity, byTime)), 'steps');
    if (performance.now() - this.#reported.at >= 1000 * reportSeconds) this.#reportSpeed();
  }

  #reportSpeed(): void {
    const { at, tokens, loss } = this.#reported;
    if (tokens > 0) {
      this.#hooks.metric('train_loss', loss / tokens);
      this.#hooks.metric('tokens_per_s', (1000 * tokens) / (performance.now() - at));
    }
    this.#reported = { at: performance.now(), tokens: 0, loss: 0 };
  }

  async #save(): Promise<void> {
    const position = { ...this.#position, seconds: this.#seconds() };
    const [signature, history, snapshots] = [this.#signature, this.#history, this.#snapshots];
    await this.#hooks.checkpoint.save(
      packCheckpoint({ signature, position, history, snapshots, state: this.#model.state() }),
    );
    this.#savedAt = performance.now();
  }

  async #resume(): Promise<void> {
    const bytes = await this.#hooks.checkpoint.load();
    const found = bytes ? readable(bytes) : undefined;
    if (found?.signature !== this.#signature) return;
    this.#model.restore(found.state);
    this.#position = found.position;
    this.#history = [...found.history];
    this.#snapshots = [...found.snapshots];
    this.#clock = performance.now();
  }
}

/** A checkpoint that this version of the software cannot read is as good as none. */
function readable(bytes: Uint8Array): Checkpoint | undefined {
  try {
    return unpackCheckpoint(bytes);
  } catch (error) {
    if (error instanceof PerennialError && error.code === 'MODEL_FORMAT') return undefined;
    throw error;
  }
}

type Measured = Pick<Trained, 'devLoss' | 'devScore'>;

const noWorse = (a: Measured, b: Measured) => orderOf(a.devLoss, a.devScore) <= orderOf(b.devLoss, b.devScore);

/** Lower is better. */
const orderOf = (devLoss: number, score: number | null): number => (score === null ? devLoss : -score);

/**
 * Between the weights of the beginning and those adapted lie some that have forgotten less and are as good or better at the
 * new (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
 */
const sharesOfTheWay = [0.95, 0.9, 0.85, 0.8, 0.7, 0.6];

/** Sentences translated before an abort is looked for. */
const translatedTogether = 256;

const lengthsOf = (examples: readonly Example[]) =>
  examples.map(({ source, target }) => [source.length, target.length] as const);

function batchesOf(examples: readonly Example[], tokens: number, random: Random): Batch[] {
  const plan = planBatches(lengthsOf(examples), tokens, random);
  return plan.map((indices) => toBatch(Array.from(indices, (i) => examples[i] as Example)));
}

function needExamples(examples: readonly Example[], where: string, { vocabulary, factors }: TransformerShape): void {
  if (examples.length === 0)
    throw new PerennialError('DATA_MISSING', `There are no examples in ${where}`, {
      remedy: 'Import more text pairs, or loosen the filters that dropped them.',
    });
  checkExamples(examples, vocabulary, factors);
}
