import { availableParallelism } from 'node:os';
import type { TranslatedText } from '../../contracts/translation.ts';
import { Decoder } from '../../domain/nlp/decoding/index.ts';
import { Glossary, type Term } from '../../domain/nlp/terminology/index.ts';
import {
  type LanguagePair,
  type MemoryLookUp,
  ServedModel,
  type TranslationModelFile,
  translateTexts,
} from '../../domain/nlp/translator/index.ts';
import { SessionThreads } from '../../domain/serving/index.ts';

/** A model with the direction that is translated. */
export interface CorpusModel extends TranslationModelFile {
  readonly pair: LanguagePair;
}

export interface CorpusOptions {
  /** Terms to annotate in the input; default none. */
  readonly terms?: readonly Term[];
  /** Memory whose exact matches are taken and whose similar sentences, from serving's threshold on, are shown; default none. */
  readonly memory?: MemoryLookUp;
  /** Default 5. */
  readonly beam?: number;
  readonly signal: AbortSignal;
}

/**
 * Translates cleaned, masked texts by the code that serves ({@link translateTexts}): ONNX Runtime, int8, all cores; terms
 * that the model misses are enforced. Only a text of several sentences is translated as one, as the references are. Each
 * model is opened once.
 */
export class CorpusTranslator {
  readonly #threads = new SessionThreads(availableParallelism());
  readonly #opened = new Map<CorpusModel, { readonly served: ServedModel; readonly decoder: Decoder }>();

  /** Translations in the order of the texts. */
  translate(
    model: CorpusModel,
    texts: readonly string[],
    { terms = [], memory, beam = 5, signal }: CorpusOptions,
  ): Promise<TranslatedText[]> {
    return translateTexts(this.#open(model).served, texts, {
      beam,
      signal,
      glossaries: terms.length > 0 ? [new Glossary(terms, model.pair.source)] : [],
      splitSentences: false,
      ...(memory && { memory }),
    });
  }

  async close(): Promise<void> {
    for (const { decoder } of this.#opened.values()) await decoder.release();
    await this.#threads.close();
  }

  #open(model: CorpusModel) {
    const known = this.#opened.get(model);
    if (known) return known;
    const decoder = new Decoder({ shape: model.shape, weights: () => model.weights }, this.#threads);
    const served = new ServedModel(model.pair, { ...model, decoder }, { concurrency: this.#threads.count });
    const opened = { served, decoder };
    this.#opened.set(model, opened);
    return opened;
  }
}
