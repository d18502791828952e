import { PerennialError } from '../../../contracts/errors.ts';
import type { OnnxSession, SessionThreads } from '../../serving/session-threads.ts';
import { int64, type OnnxTensors } from '../../serving/tensor.ts';
import { exportGraph, type GraphKind, type Precision } from '../onnx/index.ts';
import type { TransformerShape, TransformerWeights } from '../transformer/shape.ts';
import { batchesByLength, checkSource, lengthLimit, sourceFeeds } from './batches.ts';
import { type ConstrainedHypothesis, type ConstrainedOptions, constrainedSearch } from './constrained.ts';
import { readBeam, readGreedy } from './read.ts';
import type { Hypothesis, SearchOptions, Source } from './types.ts';

/** A trained model, as much as the decoder needs of it. */
export interface TranslationModel {
  readonly shape: TransformerShape;
  /** Called when a graph is built, so that the weights need not stay in memory. */
  weights(): TransformerWeights | Promise<TransformerWeights>;
}

export interface DecoderOptions {
  /** Default int8. */
  readonly precision?: Precision;
  /** Most sentences of a run; default 64. */
  readonly batchSentences?: number;
  /** Most source ids of a run, padding among them; default 4,096. With a beam, divided by it. */
  readonly batchTokens?: number;
}

export interface TranslateOptions extends SearchOptions {
  /** Default true. Without, greedy translations have scores NaN and take 3–8 % less time. */
  readonly scores?: boolean;
}

/** Translates ids to ids. Its graphs are built and opened as they are first needed. */
export class Decoder {
  readonly shape: TransformerShape;
  private readonly model: TranslationModel;
  private readonly threads: SessionThreads;
  private readonly options: Required<DecoderOptions>;
  private readonly opening = new Map<GraphKind, Promise<OnnxSession>>();
  private openBytes = 0;

  constructor(model: TranslationModel, threads: SessionThreads, options: DecoderOptions = {}) {
    this.model = model;
    this.shape = model.shape;
    this.threads = threads;
    this.options = { precision: 'int8', batchSentences: 64, batchTokens: 4096, ...options };
  }

  /** Memory of the graphs opened so far, in bytes. */
  get bytes(): number {
    return this.openBytes;
  }

  /** Opens graphs ahead of their first use; default the one of greedy decoding. */
  async warmUp(kinds: readonly GraphKind[] = ['greedy']): Promise<void> {
    await Promise.all(kinds.map((kind) => this.session(kind)));
  }

  /**
   * Translates sentences, in runs of about equal length spread over the threads.
   * @returns for each sentence its `alternatives` best translations, best first; fewer where the search found fewer.
   * Throws VALIDATION_FAILED for sentences longer than 1,024 ids, ids or factors outside the model's, or options out of range;
   * CANCELLED.
   */
  async translate(batch: readonly Source[], options: TranslateOptions = {}): Promise<Hypothesis[][]> {
    const { alternatives = 1, beam = alternatives, lengthPenalty = 1, scores = true, signal } = options;
    this.checkOptions(options);
    for (const source of batch) checkSource(source, this.shape);
    const results: Hypothesis[][] = batch.map(() => [nothing]);
    const filled = batch.flatMap((source, i) => (source.ids.length > 0 ? [i] : []));
    const kind = beam > 1 ? 'beam' : scores ? 'greedy' : 'fast';
    const session = await this.session(kind);
    const batches = batchesByLength(
      filled.map((i) => batch[i]!),
      { sentences: this.sentencesPerRun(filled.length), tokens: Math.ceil(this.options.batchTokens / beam) },
    );
    const run = async (places: readonly number[]) => {
      const indices = places.map((p) => filled[p]!);
      const sources = indices.map((i) => batch[i]!);
      const limits = sources.map((source) => lengthLimit(source, options));
      const feeds: OnnxTensors = {
        ...sourceFeeds(sources, this.shape),
        maxLength: int64([Math.max(...limits)]),
        ...(beam > 1 ? { beam: int64([beam], [1]) } : {}),
      };
      const outputs = await session.run(feeds, signal === undefined ? {} : { signal });
      indices.forEach((i, row) => {
        const read = { limit: limits[row]!, lengthPenalty };
        results[i] = beam > 1 ? readBeam(outputs, row, read).slice(0, alternatives) : [readGreedy(outputs, row, read)];
      });
    };
    // A failed or cancelled run fails the call; the others are cancelled with it, or end unheard.
    await Promise.all(batches.map(run));
    return results;
  }

  /**
   * Beam search in which given phrases must appear: see {@link constrainedSearch}.
   * One run a step; about three times the time of a beam search in one graph.
   */
  async translateConstrained(source: Source, options: ConstrainedOptions): Promise<ConstrainedHypothesis[]> {
    checkSource(source, this.shape);
    this.checkOptions(options);
    if (source.ids.length === 0) {
      throw new PerennialError('VALIDATION_FAILED', 'The sentence that must hold phrases has no ids', {
        remedy: 'Give at least the end of the sentence (2).',
      });
    }
    const [encoder, step] = await Promise.all([this.session('encoder'), this.session('step')]);
    return constrainedSearch({ encoder, step }, this.shape, source, options);
  }

  /** Frees all graphs; runs under way end first. */
  async release(): Promise<void> {
    const open = [...this.opening.values()];
    this.opening.clear();
    this.openBytes = 0;
    for (const session of await Promise.allSettled(open)) {
      if (session.status === 'fulfilled') await session.value.release();
    }
  }

  /** Few sentences are spread over the threads, but in no smaller runs than pay. */
  private sentencesPerRun(total: number): number {
    const share = Math.ceil(total / this.threads.count);
    return Math.min(this.options.batchSentences, Math.max(fewestPerRun, share));
  }

  private session(kind: GraphKind): Promise<OnnxSession> {
    const known = this.opening.get(kind);
    if (known !== undefined) return known;
    const opened = this.open(kind);
    this.opening.set(kind, opened);
    // A failed one is tried again at the next call.
    opened.catch(() => this.opening.delete(kind));
    return opened;
  }

  private async open(kind: GraphKind): Promise<OnnxSession> {
    const bytes = exportGraph(this.shape, await this.model.weights(), kind, this.options.precision);
    const session = await this.threads.open(bytes);
    this.openBytes += session.bytes;
    return session;
  }

  private checkOptions({ alternatives = 1, beam = alternatives, maxLength = 1 }: SearchOptions): void {
    const widest = Math.min(32, this.shape.vocabulary - 3);
    const whole = (name: string, value: number, from: number, to: number) => {
      if (Number.isInteger(value) && value >= from && value <= to) return;
      throw new PerennialError('VALIDATION_FAILED', `${name} is ${value}; it must be whole and from ${from} to ${to}`, {
        fields: [{ field: name, value, message: `must be from ${from} to ${to}` }],
      });
    };
    whole('beam', beam, 1, widest);
    whole('alternatives', alternatives, 1, beam);
    whole('maxLength', maxLength, 1, Number.MAX_SAFE_INTEGER);
  }
}

/** A run of so many sentences takes a third longer a sentence than one of 64; smaller ones take much longer. */
const fewestPerRun = 8;

/** Translation of a sentence without ids. */
const nothing: Hypothesis = { ids: new Int32Array(0), score: 0, logProbability: 0, ended: true };
