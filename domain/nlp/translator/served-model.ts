import { translationDefaults } from '../../../contracts/translation-settings.ts';
import { type ComputedBatch, MicroBatcher, type OverloadError, type SubmitOptions } from '../../serving/index.ts';
import type {
  ConstrainedHypothesis,
  ConstrainedOptions,
  Decoder,
  Hypothesis,
  SearchOptions,
  Source,
} from '../decoding/index.ts';
import { factor, type Segment, type Subwords } from '../subwords/index.ts';
import { type Aligner, alignable, type Link, type TextPair } from '../terminology/index.ts';
import type { LanguagePair } from './model.ts';

export interface ServedModelOptions {
  /** Batches computed at a time: as many as threads. Default 1. */
  readonly concurrency?: number;
  /** Sentences that may wait, all requests together; beyond that requests are refused. Default 8,192. */
  readonly maxWaiting?: number;
  /** Milliseconds of expected waiting beyond which requests are refused; default 2,000. */
  readonly maxWaitMs?: number;
  /** Milliseconds that a sentence waits for company; default 2. */
  readonly windowMs?: number;
  /** Most sentences of a batch; default 64. */
  readonly maxItems?: number;
}

/** What the served model needs of a {@link Decoder}. */
export type SentenceDecoder = Pick<Decoder, 'shape' | 'translate' | 'translateConstrained'>;

export interface ServedModelParts {
  readonly subwords: Subwords;
  readonly decoder: SentenceDecoder;
  /** Directions of the model; with more than one its input begins with the tag of the target. */
  readonly pairs: readonly LanguagePair[];
  /** Word aligner of the direction; default: none. */
  readonly aligner?: Aligner | null;
}

/** Longest input, subwords. */
const longestInput = 1000;
/** Sentences of one request that wait at a time, so that one long request leaves room for others. */
const sentencesAtATime = 256;

/** A model of one direction, with the sentences of all requests put together into batches. */
export class ServedModel {
  readonly pair: LanguagePair;
  readonly subwords: Subwords;
  readonly longest = longestInput;
  /** Hears of the batches that are computed. */
  onBatch: ((batch: ComputedBatch) => void) | undefined;
  /** Tells which words of a text and its translation say the same; null: the model has no aligner. */
  readonly align: ((pair: TextPair) => Link[]) | null;
  readonly #decoder: SentenceDecoder;
  readonly #aligner: Aligner | null;
  readonly #tagged: boolean;
  readonly #options: Required<ServedModelOptions>;
  readonly #batchers = new Map<string, MicroBatcher<Source, Hypothesis[]>>();
  readonly #starts: Uint8Array;

  constructor(pair: LanguagePair, parts: ServedModelParts, options: ServedModelOptions = {}) {
    this.pair = pair;
    this.subwords = parts.subwords;
    this.#decoder = parts.decoder;
    const { aligner = null } = parts;
    this.#aligner = aligner;
    this.align = aligner && ((texts) => aligner.align(alignable(texts, pair)));
    this.#tagged = parts.pairs.length > 1;
    this.#options = {
      concurrency: 1,
      maxWaiting: 8192,
      maxWaitMs: 2000,
      windowMs: translationDefaults.batchWindowMs,
      maxItems: translationDefaults.maxBatch,
      ...options,
    };
    // Punctuation may follow a word without a blank; letters, digits and bytes would go on with it.
    this.#starts = Uint8Array.from(this.subwords.model.tokens, (token, id) =>
      this.subwords.startsWord(id) || !/^(?:[\p{L}\p{M}\p{N}]|<0x)/u.test(token) ? 1 : 0,
    );
  }

  /** Whether it has learnt terms in its input. */
  get knowsTerms(): boolean {
    return this.#decoder.shape.factors > factor.termTarget;
  }

  /** Whether it has learnt similar sentences in its input. */
  get knowsSimilar(): boolean {
    return this.#decoder.shape.factors > factor.fuzzy;
  }

  /** Tells in similar sentences which words the text shares; null: it has learnt none told apart. */
  get marker(): Aligner | null {
    return this.#decoder.shape.factors > factor.fuzzyOther ? this.#aligner : null;
  }

  /** Subwords of a text. */
  lengthOf(text: string): number {
    return this.subwords.encode(text).length;
  }

  /** Whether an id may stand behind a whole word. */
  startsWord(id: number): boolean {
    return this.#starts[id] === 1;
  }

  /** Input of the model of its parts. */
  encode(parts: readonly Segment[]): Source {
    const { source: language, target } = this.pair;
    const { source, factors } = this.subwords.encodeSource(parts, {
      language,
      ...(this.#tagged ? { target } : {}),
    });
    return this.#decoder.shape.factors > 1 ? { ids: source, factors } : { ids: source };
  }

  decode(ids: Iterable<number>): string {
    return this.subwords.decode(ids);
  }

  /** The error with which `search` would refuse so many sentences now, or undefined. */
  overload(sentences: number, { beam = 1, alternatives = 1 }: SearchOptions): OverloadError | undefined {
    return this.#batcher(beam, alternatives).overload(Math.min(sentences, sentencesAtATime));
  }

  /**
   * Translations of sentences, each the best first. A request of more sentences than wait at a time is computed in turns,
   * of which only the first may be refused.
   *
   * @param options.admitted whether they belong to a request of which sentences were let in before: never refused.
   */
  async search(
    sources: readonly Source[],
    { admitted = false, ...options }: SearchOptions & Pick<SubmitOptions, 'admitted'>,
  ): Promise<Hypothesis[][]> {
    const { signal, beam = 1, alternatives = 1 } = options;
    const batcher = this.#batcher(beam, alternatives);
    const results: Hypothesis[][] = [];
    for (let from = 0; from < sources.length; from += sentencesAtATime) {
      const turn = sources.slice(from, from + sentencesAtATime);
      const more = { admitted: admitted || from > 0, ...(signal === undefined ? {} : { signal }) };
      results.push(...(await batcher.submit(turn, more)));
    }
    return results;
  }

  constrained(source: Source, options: ConstrainedOptions): Promise<ConstrainedHypothesis[]> {
    return this.#told(
      [source],
      () => this.#decoder.translateConstrained(source, options),
      ([best]) => best?.ids.length,
    );
  }

  /** Computes a batch, and tells of it. */
  async #told<R>(batch: readonly Source[], compute: () => Promise<R>, writtenOf: (results: R) => number | undefined) {
    const began = performance.now();
    const results = await compute();
    this.onBatch?.({
      items: batch.length,
      read: batch.reduce((sum, { ids }) => sum + ids.length, 0),
      written: writtenOf(results) ?? 0,
      ms: performance.now() - began,
    });
    return results;
  }

  /** Sentences that are searched in the same way make batches. */
  #batcher(beam: number, alternatives: number): MicroBatcher<Source, Hypothesis[]> {
    const key = `${beam}/${alternatives}`;
    let batcher = this.#batchers.get(key);
    if (batcher === undefined) {
      batcher = new MicroBatcher<Source, Hypothesis[]>({
        run: (batch) =>
          this.#told(
            batch,
            () => this.#decoder.translate(batch, { beam, alternatives }),
            (found) => found.reduce((sum, [best]) => sum + (best?.ids.length ?? 0), 0),
          ),
        size: ({ ids }) => ids.length,
        maxSize: Math.ceil(4096 / beam),
        ...this.#options,
      });
      this.#batchers.set(key, batcher);
    }
    return batcher;
  }
}
