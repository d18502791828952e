import type { NativeTensor } from './native.ts';

/**
 * What a layer's forward pass gives. `backward` takes the loss's gradient of the output, adds the gradients of the layer's
 * parameters to the pass and returns that of the input; it is called at most once, and frees what the layer kept for it.
 */
export interface Layer {
  readonly output: NativeTensor;
  backward(gradient: NativeTensor): NativeTensor;
}

/** What the layers of one pass over the model share. */
export interface Pass {
  readonly heads: number;
  /** A parameter by its name, as of the beginning of the pass. */
  parameter(name: string): NativeTensor;
  /** Takes the gradient of a parameter; a parameter used twice gets the sum. */
  addGradient(name: string, gradient: NativeTensor): void;
  /** Zeroes a share of the values and scales the others, or gives `x` itself where nothing is to be dropped. */
  drop(x: NativeTensor, kind: DropoutKind): Layer;
}

/** Places of dropout: after the embeddings, on what a block adds to its input, on attention weights, inside the feed-forward layer. */
export type DropoutKind = 'embedding' | 'residual' | 'attention' | 'feedForward';
