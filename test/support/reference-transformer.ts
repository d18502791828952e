import { type Tensor, tf } from '../../domain/nlp/index.ts';
import { normals, Random } from '../../domain/nlp/random.ts';
import type { TransformerShape, TransformerWeights } from '../../domain/nlp/transformer/shape.ts';

type Parameters = Readonly<Record<string, Tensor>>;

/** Names and sizes of the weights of a shape. */
function weightSizes(s: TransformerShape): Map<string, number[]> {
  const sizes = new Map<string, number[]>();
  const linear = (name: string, input: number, output: number) => {
    sizes.set(`${name}.weight`, [input, output]).set(`${name}.bias`, [output]);
  };
  const norm = (name: string) => sizes.set(`${name}.scale`, [s.dimensions]).set(`${name}.bias`, [s.dimensions]);
  const feedForward = (name: string) => {
    norm(`${name}.norm`);
    linear(`${name}.inner`, s.dimensions, s.feedForward);
    linear(`${name}.outer`, s.feedForward, s.dimensions);
  };
  const selfAttention = (name: string) => {
    norm(`${name}.norm`);
    linear(`${name}.qkv`, s.dimensions, 3 * s.dimensions);
    linear(`${name}.output`, s.dimensions, s.dimensions);
  };
  sizes.set('embedding', [s.vocabulary, s.dimensions]).set('factorEmbedding', [s.factors, s.dimensions]);
  for (let i = 0; i < s.encoderLayers; i++) {
    selfAttention(`encoder.${i}.attention`);
    feedForward(`encoder.${i}.feedForward`);
  }
  norm('encoder.norm');
  for (let i = 0; i < s.decoderLayers; i++) {
    selfAttention(`decoder.${i}.selfAttention`);
    norm(`decoder.${i}.crossAttention.norm`);
    linear(`decoder.${i}.crossAttention.query`, s.dimensions, s.dimensions);
    linear(`decoder.${i}.crossAttention.keyValue`, s.dimensions, 2 * s.dimensions);
    linear(`decoder.${i}.crossAttention.output`, s.dimensions, s.dimensions);
    feedForward(`decoder.${i}.feedForward`);
  }
  norm('decoder.norm');
  return sizes;
}

/** Seeded weights: normal, around 1 for the scales of norms; biases too, so that a forgotten one shows. */
export function randomWeights(shape: TransformerShape, seed: number, gain = 1): TransformerWeights {
  const random = new Random(seed);
  const weights: Record<string, Float32Array> = {};
  for (const [name, size] of weightSizes(shape)) {
    const length = size.reduce((a, b) => a * b, 1);
    const isMatrix = size.length === 2;
    const values = normals(length, isMatrix ? gain / Math.sqrt(shape.dimensions) : 0.1, random);
    weights[name] = name.endsWith('.scale') ? values.map((v) => 1 + v) : values;
  }
  return weights;
}

export function parametersOf(shape: TransformerShape, weights: TransformerWeights): Parameters {
  const parameters: Record<string, Tensor> = {};
  for (const [name, size] of weightSizes(shape)) parameters[name] = tf.tensor(weights[name] as Float32Array, size);
  return parameters;
}

/** The forward pass of the contract in ordinary operations: what exported graphs are held against. */
export class ReferenceTransformer {
  private readonly shape: TransformerShape;
  private readonly p: Parameters;

  constructor(shape: TransformerShape, parameters: Parameters) {
    this.shape = shape;
    this.p = parameters;
  }

  /** ids, factors: [B, S]. Output [B, S, D]. */
  encode(ids: number[][], factors: number[][]): Tensor {
    const masked = this.paddingMask(ids);
    let x: Tensor = tf.add(
      this.embed(ids),
      tf.gather(this.p['factorEmbedding'] as Tensor, tf.tensor2d(factors, undefined, 'int32')),
    );
    for (let i = 0; i < this.shape.encoderLayers; i++) {
      const [q, k, v] = tf.split(
        this.linear(this.norm(x, `encoder.${i}.attention.norm`), `encoder.${i}.attention.qkv`),
        3,
        -1,
      );
      x = tf.add(x, this.linear(this.attend(q!, k!, v!, masked), `encoder.${i}.attention.output`));
      x = this.feedForward(x, `encoder.${i}.feedForward`);
    }
    return this.norm(x, 'encoder.norm');
  }

  /** Logits [B, T, V] after each prefix of `input` [B, T] (which starts with begin). */
  decode(encoded: Tensor, ids: number[][], input: number[][]): Tensor {
    const length = input[0]!.length;
    const sourceMask = this.paddingMask(ids);
    const causal = tf.mul(tf.sub(1, tf.linalg.bandPart(tf.ones([length, length]), -1, 0)), -1e9);
    let x: Tensor = this.embed(input);
    for (let i = 0; i < this.shape.decoderLayers; i++) {
      const self = `decoder.${i}.selfAttention`;
      const cross = `decoder.${i}.crossAttention`;
      const [q, k, v] = tf.split(this.linear(this.norm(x, `${self}.norm`), `${self}.qkv`), 3, -1);
      x = tf.add(x, this.linear(this.attend(q!, k!, v!, causal), `${self}.output`));
      const query = this.linear(this.norm(x, `${cross}.norm`), `${cross}.query`);
      const [key, value] = tf.split(this.linear(encoded, `${cross}.keyValue`), 2, -1);
      x = tf.add(x, this.linear(this.attend(query, key!, value!, sourceMask), `${cross}.output`));
      x = this.feedForward(x, `decoder.${i}.feedForward`);
    }
    const flat = tf.reshape(this.norm(x, 'decoder.norm'), [-1, this.shape.dimensions]);
    const logits = tf.matMul(flat as never, this.p['embedding'] as never, false, true);
    return tf.reshape(logits, [input.length, length, this.shape.vocabulary]);
  }

  /** Greedy translation of one sentence by whole forward passes; ids without the end, and their log-probability with it. */
  greedy(ids: number[], factors: number[], maxLength: number): { ids: number[]; logProbability: number } {
    return tf.tidy(() => {
      const encoded = this.encode([ids], [factors]);
      const target = [1];
      let logProbability = 0;
      while (target.length <= maxLength) {
        const logits = this.decode(encoded, [ids], [target]).slice([0, target.length - 1], [1, 1]);
        const row = tf.logSoftmax(logits).dataSync();
        const best = row.indexOf(Math.max(...row));
        logProbability += row[best]!;
        if (best <= 2) break;
        target.push(best);
      }
      return { ids: target.slice(1), logProbability };
    });
  }

  /** Log-probability of a translation (without begin and end) and its end. */
  logProbability(ids: number[], target: number[]): number {
    return tf.tidy(() => {
      const encoded = this.encode([ids], [ids.map(() => 0)]);
      const rows = tf.logSoftmax(this.decode(encoded, [ids], [[1, ...target]])).arraySync() as number[][][];
      return [...target, 2].reduce((sum, id, t) => sum + rows[0]![t]![id]!, 0);
    });
  }

  private embed(ids: number[][]): Tensor {
    const { dimensions } = this.shape;
    const half = dimensions / 2;
    const positions = ids[0]!.map((_, p) => {
      const angles = Array.from({ length: half }, (__, j) => p / 10_000 ** ((2 * j) / dimensions));
      return [...angles.map(Math.sin), ...angles.map(Math.cos)];
    });
    const rows = tf.gather(this.p['embedding'] as Tensor, tf.tensor2d(ids, undefined, 'int32'));
    return tf.add(tf.mul(rows, Math.sqrt(dimensions)), tf.tensor2d(positions));
  }

  private paddingMask(ids: number[][]): Tensor {
    return tf.tensor4d(ids.map((row) => [[row.map((id) => (id === 0 ? -1e9 : 0))]]));
  }

  private attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor): Tensor {
    const { heads, dimensions } = this.shape;
    const size = dimensions / heads;
    const split = (x: Tensor) => tf.transpose(tf.reshape(x, [x.shape[0]!, x.shape[1]!, heads, size]), [0, 2, 1, 3]);
    const scores = tf.mul(tf.matMul(split(q), split(k), false, true), 1 / Math.sqrt(size));
    const read = tf.matMul(tf.softmax(tf.add(scores, mask)), split(v));
    return tf.reshape(tf.transpose(read, [0, 2, 1, 3]), [q.shape[0]!, q.shape[1]!, dimensions]);
  }

  private linear(x: Tensor, name: string): Tensor {
    const weight = this.p[`${name}.weight`] as Tensor;
    const flat = tf.matMul(tf.reshape(x, [-1, weight.shape[0]!]) as never, weight as never);
    return tf.reshape(tf.add(flat, this.p[`${name}.bias`] as Tensor), [...x.shape.slice(0, -1), weight.shape[1]!]);
  }

  private norm(x: Tensor, name: string): Tensor {
    const mean = tf.mean(x, -1, true);
    const centred = tf.sub(x, mean);
    const variance = tf.mean(tf.square(centred), -1, true);
    const normed = tf.div(centred, tf.sqrt(tf.add(variance, 1e-5)));
    return tf.add(tf.mul(normed, this.p[`${name}.scale`] as Tensor), this.p[`${name}.bias`] as Tensor);
  }

  private feedForward(x: Tensor, name: string): Tensor {
    const inner = tf.relu(this.linear(this.norm(x, `${name}.norm`), `${name}.inner`));
    return tf.add(x, this.linear(inner, `${name}.outer`));
  }
}
