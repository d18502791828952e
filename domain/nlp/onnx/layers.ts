import { PerennialError } from '../../../contracts/errors.ts';
import type { TransformerShape, TransformerWeights } from '../transformer/shape.ts';
import type { GraphBuilder, Value } from './graph.ts';
import { quantise } from './quantise.ts';
import { type VocabularyBlocks, vocabularyBlocks } from './vocabulary.ts';

/** float32, or int8 weights with activations quantised to uint8 as they come. */
export type Precision = 'float32' | 'int8';

/** One scale a column is the more exact; one a tensor spares a step of the decoder a pass over all columns. */
type Grain = 'column' | 'tensor';

/** What a padded logit gets: never chosen, and 0 after softmax. */
const never = -1e30;

/**
 * Emits the layers of a transformer. Between layers the activations (the stream) have rank 2 in float32, where Gemm adds the
 * bias as it multiplies, and rank 3 in int8, as DynamicQuantizeMatMul takes any rank.
 *
 * In int8 all products with weights are quantised: weights symmetrically to int8, with a scale a column in the encoder and
 * for the keys and values of cross-attention, a scale a tensor in what runs once a token (that makes a step 10 % faster);
 * activations asymmetrically to uint8 with a scale a tensor. Embedding look-ups, layer norms, attention (products of
 * activations), softmax and biases stay float32. As a tensor of activations holds the whole batch, int8 outputs of a
 * sentence may differ in the last bits with its company.
 */
export class Layers {
  readonly shape: TransformerShape;
  readonly precision: Precision;
  /** How the vocabulary is cut for searches in two levels; its padded size is the width of the logits. */
  readonly blocks: VocabularyBlocks;
  private readonly weights: TransformerWeights;

  constructor(shape: TransformerShape, weights: TransformerWeights, precision: Precision) {
    this.shape = shape;
    this.weights = weights;
    this.precision = precision;
    this.blocks = vocabularyBlocks(shape.vocabulary);
  }

  /** A weight; throws MODEL_FORMAT unless it is there with `length` numbers. */
  weight(name: string, length: number): Float32Array {
    const found = this.weights[name];
    if (found?.length === length) return found;
    throw new PerennialError(
      'MODEL_FORMAT',
      `The weight ${name} has ${found?.length ?? 'no'} numbers, but the shape of the model asks for ${length}`,
      { remedy: 'Export the model with the shape it was trained with.' },
    );
  }

  /** x·W + b for the weights `{name}.weight` [input, output] and `{name}.bias`. */
  linear(g: GraphBuilder, x: Value, name: string, [input, output]: readonly [number, number], grain: Grain): Value {
    const bias = g.tensor(`${name}.bias`, [output], this.weight(`${name}.bias`, output));
    return this.product(g, x, name, [input, output], () => this.weight(`${name}.weight`, input * output), grain, bias);
  }

  /** Linear layers of one input as one product, their outputs side by side. */
  joinedLinear(
    g: GraphBuilder,
    x: Value,
    names: readonly string[],
    [input, output]: readonly [number, number],
    grain: Grain,
  ): Value {
    const columns = names.length * output;
    const weight = new Float32Array(input * columns);
    const bias = new Float32Array(columns);
    names.forEach((name, i) => {
      const part = this.weight(`${name}.weight`, input * output);
      for (let r = 0; r < input; r++) weight.set(part.subarray(r * output, (r + 1) * output), r * columns + i * output);
      bias.set(this.weight(`${name}.bias`, output), i * output);
    });
    const name = names.join(' ');
    return this.product(g, x, name, [input, columns], () => weight, grain, g.tensor(`${name}.bias`, [columns], bias));
  }

  /** Layer norm with `{name}.scale` and `{name}.bias`, both multiplied by `factor`. */
  norm(g: GraphBuilder, x: Value, name: string, factor = 1): Value {
    const { dimensions } = this.shape;
    const scaled = (part: string) => {
      const values = this.weight(`${name}.${part}`, dimensions);
      return g.tensor(`${name}.${part}`, [dimensions], factor === 1 ? values : values.map((v) => v * factor));
    };
    // One node for this and the residual addition before it (SkipLayerNormalization) is slower than the two.
    return g.op('LayerNormalization', [x, scaled('scale'), scaled('bias')], { axis: -1, epsilon: { float: 1e-5 } });
  }

  /** Norm, inner product, ReLU, outer product, residual. */
  feedForward(g: GraphBuilder, x: Value, name: string, grain: Grain): Value {
    const { dimensions, feedForward } = this.shape;
    const normed = this.norm(g, x, `${name}.norm`);
    const inner = g.op('Relu', [this.linear(g, normed, `${name}.inner`, [dimensions, feedForward], grain)]);
    return g.op('Add', [x, this.linear(g, inner, `${name}.outer`, [feedForward, dimensions], grain)]);
  }

  /** Embeddings times √dimensions, [padded vocabulary, dimensions]; in float32 also the output projection, transposed. */
  embedding(g: GraphBuilder): Value {
    const { vocabulary, dimensions } = this.shape;
    const root = Math.sqrt(dimensions);
    const table = new Float32Array(this.blocks.padded * dimensions);
    table.set(this.weight('embedding', vocabulary * dimensions).map((v) => v * root));
    return g.tensor('embedding', [this.blocks.padded, dimensions], table);
  }

  /** Final norm of the decoder and logits, [..., padded vocabulary]: what is padding is about −1e30. */
  logits(g: GraphBuilder, x: Value): Value {
    const { vocabulary, dimensions } = this.shape;
    const { padded } = this.blocks;
    const bias =
      padded > vocabulary
        ? g.tensor('projection.bias', [padded], new Float32Array(padded).fill(never, vocabulary))
        : undefined;
    if (this.precision === 'float32') {
      // The table is multiplied by √dimensions; the norm takes that back, so that one table serves both ends.
      const normed = this.norm(g, x, 'decoder.norm', 1 / Math.sqrt(dimensions));
      return g.op('Gemm', [normed, this.embedding(g), ...(bias === undefined ? [] : [bias])], { transB: 1 });
    }
    const transposed = () => {
      const table = this.weight('embedding', vocabulary * dimensions);
      const out = new Float32Array(dimensions * padded);
      for (let v = 0; v < vocabulary; v++) {
        for (let d = 0; d < dimensions; d++) out[d * padded + v] = table[v * dimensions + d]!;
      }
      return out;
    };
    const normed = this.norm(g, x, 'decoder.norm');
    return this.product(g, normed, 'projection', [dimensions, padded], transposed, 'tensor', bias);
  }

  private product(
    g: GraphBuilder,
    x: Value,
    name: string,
    [input, output]: readonly [number, number],
    weight: () => Float32Array,
    grain: Grain,
    bias?: Value,
  ): Value {
    if (this.precision === 'float32') {
      const matrix = g.tensor(`${name}.weight`, [input, output], weight());
      return g.op('Gemm', [x, matrix, ...(bias === undefined ? [] : [bias])]);
    }
    const { values, scales } = quantise(weight(), output, grain);
    return g.op('DynamicQuantizeMatMul', [
      x,
      g.tensor(`${name}.weight`, [input, output], values),
      g.tensor(`${name}.weight.scale`, grain === 'column' ? [output] : [], scales),
      ...(bias === undefined ? [] : ['', bias]),
    ]);
  }
}
