import { type AdamOptions, AdamParameters, type AdamState } from './adam.ts';
import { type Batch, type Example, twice } from './batches.ts';
import { checkShape } from './check-shape.ts';
import { crossEntropy, crossEntropyLoss } from './cross-entropy.ts';
import { type DropoutRates, dropout } from './dropout.ts';
import { type Scatter, sumScatters } from './embedding.ts';
import { decodeGreedy, type GreedyOptions } from './greedy.ts';
import { inferencePass } from './inference-pass.ts';
import type { Pass } from './layer.ts';
import { floatsOf, type NativeTensor, release, scalar, scoped } from './native.ts';
import { add, divide, halfSquares, minimum, multiply, sqrt, sumOf } from './operations.ts';
import { checkWeights, initialWeights, parameterShapes } from './parameters.ts';
import type { TransformerShape, TransformerWeights } from './shape.ts';
import { decode, encode, paddingMask } from './stacks.ts';

export interface TransformerOptions {
  /** Share of a label's probability spread over the vocabulary; default 0.1. */
  readonly labelSmoothing?: number;
  /** Default: none. */
  readonly dropout?: DropoutRates;
  /** Gradients longer than this as one vector are scaled down to it (Pascanu et al. 2013); default: they are not. */
  readonly clip?: number;
  /**
   * R-Drop (Liang et al. 2021): weight of the symmetric divergence between two passes over the batch under two dropout masks,
   * half of the paper's α; a step takes twice the time. For small data: 1 to 3. Default 0: one pass.
   */
  readonly consistency?: number;
  /** Seeds the dropout masks, and the weights where only a shape is given; default 1. */
  readonly seed?: number;
  readonly adam?: AdamOptions;
}

/** All that training needs to go on: the weights, the optimiser's moments and steps. */
export interface TransformerState {
  readonly weights: TransformerWeights;
  readonly adam: AdamState;
}

/**
 * An encoder–decoder transformer on the native library, for training: every layer gives its own backward pass, made of native
 * kernels, and nothing but the loss comes back to JavaScript in a step. Steps block the event loop; train in a process of
 * its own. Frees its memory by {@link dispose}.
 */
export class Transformer {
  readonly shape: TransformerShape;
  readonly #options: TransformerOptions;
  readonly #parameters: AdamParameters;

  /**
   * @param start seeded weights when left out.
   * @throws PARAMETER_INVALID for a shape that does not hold, MODEL_FORMAT for weights of another shape.
   */
  constructor(shape: TransformerShape, options: TransformerOptions = {}, start?: TransformerWeights) {
    checkShape(shape);
    if (start) checkWeights(shape, start);
    this.shape = shape;
    this.#options = options;
    const weights = start ?? initialWeights(shape, options.seed ?? 1);
    this.#parameters = new AdamParameters(parameterShapes(shape), weights, options.adam);
  }

  /** Steps made so far. */
  get steps(): number {
    return this.#parameters.steps;
  }

  /**
   * One step of Adam on a batch.
   *
   * @param rate learning rate.
   * @returns the smoothed loss before the step, nats a token.
   */
  step(batch: Batch, rate: number): { loss: number; tokens: number } {
    return scoped(() => {
      const parameters = this.#parameters.read();
      const { loss, gradients } = this.#gradients(batch, parameters);
      release(...parameters.values());
      const { clip } = this.#options;
      this.#parameters.apply(clip === undefined ? gradients : clipped(gradients, clip), rate);
      return { loss: floatsOf(loss)[0] as number, tokens: batch.tokens };
    });
  }

  /** Loss of a batch without dropout and label smoothing: nats a token. */
  loss(batch: Batch): number {
    return scoped(() => {
      const pass = this.#inferencePass();
      const { decoded } = this.#forward(pass, batch);
      const labels = { ids: batch.labels, tokens: batch.tokens, smoothing: 0 };
      return floatsOf(crossEntropyLoss(decoded.output, pass.parameter('embedding'), labels))[0] as number;
    });
  }

  /**
   * Greedy translations of sources, without the end of sentence: for scores on a development set, and to compare an exported
   * model with. Blocks until all are done.
   */
  translate(sources: readonly Pick<Example, 'source' | 'factors'>[], options?: GreedyOptions): Int32Array[] {
    return scoped(() => decodeGreedy(this.#inferencePass(), this.shape, sources, options));
  }

  /** The loss of a step and its gradients by parameter, without the step. */
  gradients(batch: Batch): { loss: number; gradients: Record<string, Float32Array> } {
    return scoped(() => {
      const { loss, gradients } = this.#gradients(batch, this.#parameters.read());
      const out = Object.fromEntries([...gradients].map(([name, gradient]) => [name, floatsOf(gradient)]));
      return { loss: floatsOf(loss)[0] as number, gradients: out };
    });
  }

  /** Copies of the weights. */
  weights(): TransformerWeights {
    return this.#parameters.weights();
  }

  state(): TransformerState {
    return { weights: this.weights(), adam: this.#parameters.state() };
  }

  /** Goes back to a state; steps from there equal those made from it before, to the bit. */
  restore(state: TransformerState): void {
    this.assign(state.weights);
    this.#parameters.restore(state.adam);
  }

  /** Takes other weights of the same shape; the optimiser's state stays. */
  assign(weights: TransformerWeights): void {
    checkWeights(this.shape, weights);
    this.#parameters.assign(weights);
  }

  dispose(): void {
    this.#parameters.dispose();
  }

  #inferencePass(): Pass {
    return inferencePass(this.shape.heads, this.#parameters.read());
  }

  #forward(pass: Pass, batch: Batch) {
    const mask = paddingMask(batch.source);
    const encoded = encode(pass, batch.source, this.shape.encoderLayers, mask);
    const input = { ids: batch.input, length: batch.targetLength };
    const decoded = decode(pass, input, { output: encoded.output, mask }, this.shape.decoderLayers);
    return { encoded, decoded };
  }

  #gradients(once: Batch, parameters: ReadonlyMap<string, NativeTensor>) {
    const { seed = 1, dropout: rates = {}, labelSmoothing = 0.1, consistency = 0 } = this.#options;
    const batch = consistency > 0 ? twice(once) : once;
    const gradients = new Map<string, NativeTensor>();
    let place = 0;
    const pass: Pass = {
      heads: this.shape.heads,
      parameter: (name) => parameters.get(name) as NativeTensor,
      addGradient(name, gradient) {
        const before = gradients.get(name);
        gradients.set(name, before ? add(before, gradient) : gradient);
        if (before) release(before, gradient);
      },
      drop: (x, kind) => dropout(x, rates[kind] ?? 0, [Math.imul(seed, 0x9e3779b1) + ++place, this.steps]),
    };
    const { encoded, decoded } = this.#forward(pass, batch);
    const labels = { ids: batch.labels, tokens: batch.tokens, smoothing: labelSmoothing, consistency };
    const { loss, gradient } = crossEntropy(decoded.output, pass.parameter('embedding'), labels);
    const ofDecoder = decoded.backward(gradient.y);
    const ofEncoder = encoded.backward(ofDecoder.memory);
    const scatters: Scatter[] = [gradient.labels, ofDecoder.input, ofEncoder];
    pass.addGradient('embedding', gradient.embedding);
    pass.addGradient('embedding', sumScatters(scatters, this.shape.vocabulary));
    return { loss, gradients };
  }
}

/** Gradients scaled so that their common length is at most `limit`; the length never leaves the native library. */
function clipped(gradients: ReadonlyMap<string, NativeTensor>, limit: number): Map<string, NativeTensor> {
  const half = sumOf([...gradients.values()].map(halfSquares));
  const length = sqrt(multiply(half, scalar(2)));
  const factor = minimum(divide(scalar(limit), length), scalar(1));
  return new Map([...gradients].map(([name, gradient]) => [name, multiply(gradient, factor)]));
}
