import { availableParallelism } from 'node:os';
import { Decoder } from '../../domain/nlp/decoding/index.ts';
import { modelInput } from '../../domain/nlp/examples/index.ts';
import type { Subwords } from '../../domain/nlp/subwords/index.ts';
import { Glossary, type Term } from '../../domain/nlp/terminology/index.ts';
import type { TransformerShape, TransformerWeights } from '../../domain/nlp/transformer/index.ts';
import type { LanguagePair } from '../../domain/nlp/translator/index.ts';
import { SessionThreads } from '../../domain/serving/index.ts';

export interface CorpusModel {
  readonly pair: LanguagePair;
  readonly shape: TransformerShape;
  readonly weights: TransformerWeights;
  readonly subwords: Subwords;
}

export interface CorpusOptions {
  /** Terms to annotate in the input; default none. */
  readonly terms?: readonly Term[];
  /** Default 5. */
  readonly beam?: number;
  readonly signal: AbortSignal;
}

/** Translates normalised, masked texts as serving does: ONNX Runtime, int8, all cores. Each model is opened once. */
export class CorpusTranslator {
  readonly #threads = new SessionThreads(availableParallelism());
  readonly #decoders = new Map<CorpusModel, Decoder>();

  async translate(
    model: CorpusModel,
    texts: readonly string[],
    { terms = [], beam = 5, signal }: CorpusOptions,
  ): Promise<string[]> {
    const { pair, subwords } = model;
    const glossary = new Glossary(terms, pair.source);
    const sources = texts.map((text) => {
      const annotations = glossary.find(text).map(({ start, end, term }) => ({ start, end, target: term.target }));
      const { source, factors } = subwords.encodeSource(modelInput(text, { languages: pair, annotations }), {
        language: pair.source,
      });
      return { ids: source, factors };
    });
    const found = await this.#decoderOf(model).translate(sources, { beam, signal });
    return found.map(([best]) => subwords.decode(best?.ids ?? []));
  }

  async close(): Promise<void> {
    for (const decoder of this.#decoders.values()) await decoder.release();
    await this.#threads.close();
  }

  #decoderOf(model: CorpusModel): Decoder {
    const known = this.#decoders.get(model);
    if (known) return known;
    const decoder = new Decoder({ shape: model.shape, weights: () => model.weights }, this.#threads);
    this.#decoders.set(model, decoder);
    return decoder;
  }
}
