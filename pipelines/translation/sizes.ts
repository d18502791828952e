import type { DropoutRates, TransformerShape } from '../../domain/nlp/transformer/index.ts';
import type { TranslationParams } from './params.ts';

/** Shape and training of a size; what is left out has the training's default. */
export interface Size {
  readonly shape: Omit<TransformerShape, 'vocabulary' | 'factors'>;
  /** Subwords; fewer where the texts do not give so many. */
  readonly vocabulary: number;
  readonly tokensPerBatch: number;
  readonly rate: number;
  readonly warmup: number;
  readonly dropout: DropoutRates;
  /** Chance that a merge of subwords is left out (Provilkov et al. 2020). */
  readonly subwordDropout: number;
  /** Epochs of the larger of the two trainings; the time given usually ends them before. */
  readonly epochs: number;
}

/**
 * Models by size. `tiny` is the transformer-tiny of the published Multi30k results (Wu et al. 2021: 4 + 4 layers, 128
 * wide, 10,000 subwords), whose few sentences ask for much dropout; `small` is for hundreds of thousands of pairs; `demo`
 * learns a small world in a minute.
 */
export const sizes = {
  demo: {
    shape: { dimensions: 64, feedForward: 128, heads: 4, encoderLayers: 2, decoderLayers: 2 },
    vocabulary: 1500,
    tokensPerBatch: 1024,
    rate: 0.004,
    warmup: 200,
    dropout: { embedding: 0.05, residual: 0.05 },
    subwordDropout: 0,
    epochs: 40,
  },
  tiny: {
    shape: { dimensions: 128, feedForward: 256, heads: 4, encoderLayers: 4, decoderLayers: 4 },
    vocabulary: 10_000,
    tokensPerBatch: 4096,
    rate: 0.004,
    warmup: 400,
    dropout: { embedding: 0.3, residual: 0.3 },
    subwordDropout: 0.05,
    epochs: 200,
  },
  small: {
    shape: { dimensions: 256, feedForward: 1024, heads: 4, encoderLayers: 6, decoderLayers: 3 },
    vocabulary: 16_000,
    tokensPerBatch: 8192,
    rate: 0.002,
    warmup: 4000,
    dropout: { embedding: 0.1, residual: 0.1, feedForward: 0.1 },
    subwordDropout: 0.1,
    epochs: 50,
  },
} as const satisfies Readonly<Record<TranslationParams['size'], Size>>;
