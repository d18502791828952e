/** Shape of an encoder–decoder transformer with pre-norm layers (Vaswani et al. 2017; Xiong et al. 2020). */
export interface TransformerShape {
  /** Subwords, special ones among them; source and target share them. */
  readonly vocabulary: number;
  /** Kinds of source factors; 1 = none. */
  readonly factors: number;
  readonly dimensions: number;
  readonly feedForward: number;
  readonly heads: number;
  readonly encoderLayers: number;
  readonly decoderLayers: number;
}
/** Weights by name, row-major float32. */
export type TransformerWeights = Readonly<Record<string, Float32Array>>;
