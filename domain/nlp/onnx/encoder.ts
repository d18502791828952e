import type { GraphBuilder, Value } from './graph.ts';
import type { Layers } from './layers.ts';

/** Longest source and longest output in subwords: the table of positions in a graph has so many rows. */
export const mostPositions = 1024;

/** What the decoder reads of an encoded source. */
export interface EncodedSource {
  /** int32 [sentences, length]: 1 where a source token stands, 0 at padding. */
  readonly mask: Value;
  /** Final output: a stream as {@link Layers} has them. */
  readonly output: Value;
  /** int64 [2]: sentences, length. */
  readonly sizes: Value;
  /** int64 [1]. */
  readonly sentences: Value;
}

/**
 * The encoder. It declares the inputs `ids`, int64 [sentences, length] padded with 0, and, where the shape has more than one,
 * `factors`, int64 of the same size.
 */
export function encoder(g: GraphBuilder, layers: Layers): EncodedSource {
  const { dimensions, heads, encoderLayers } = layers.shape;
  const ids = g.input('ids', 'int64', ['sentences', 'length']);
  const mask = g.op('Cast', [g.op('Min', [ids, g.int64(1)])], { to: 6 });
  const sizes = g.op('Shape', [ids]);
  const sentences = g.op('Slice', [sizes, g.int64([0]), g.int64([1])]);
  const flat = g.int64([-1, dimensions]);
  const sequences = g.op('Concat', [sizes, g.int64([-1])], { axis: 0 });
  const isFlat = layers.precision === 'float32';
  const toSequences = (x: Value) => (isFlat ? g.op('Reshape', [x, sequences]) : x);
  const fromSequences = (x: Value) => (isFlat ? g.op('Reshape', [x, flat]) : x);

  let x = fromSequences(embedSource(g, layers, ids, sizes));
  for (let i = 0; i < encoderLayers; i++) {
    const name = `encoder.${i}.attention`;
    const normed = layers.norm(g, x, `${name}.norm`);
    const qkv = toSequences(layers.linear(g, normed, `${name}.qkv`, [dimensions, 3 * dimensions], 'column'));
    const [query, key, value] = g.multi('Split', [qkv], 3, { axis: -1, num_outputs: 3 }) as [Value, Value, Value];
    const attended = g.op('MultiHeadAttention', [query, key, value, '', mask], { num_heads: heads });
    const output = layers.linear(g, fromSequences(attended), `${name}.output`, [dimensions, dimensions], 'column');
    x = layers.feedForward(g, g.op('Add', [x, output]), `encoder.${i}.feedForward`, 'column');
  }
  return { mask, output: layers.norm(g, x, 'encoder.norm'), sizes, sentences };
}

/** Embeddings, positions and factors, [sentences, length, dimensions]. */
function embedSource(g: GraphBuilder, layers: Layers, ids: Value, sizes: Value): Value {
  const { dimensions, factors } = layers.shape;
  const length = g.op('Slice', [sizes, g.int64([1]), g.int64([2])]);
  const positions = g.op('Slice', [positionTable(g, dimensions), g.int64([0]), length]);
  const table = g.tensor(
    'factorEmbedding',
    [factors, dimensions],
    layers.weight('factorEmbedding', factors * dimensions),
  );
  // Where there is one factor only, its embedding is a constant row.
  const factor = factors > 1 ? g.op('Gather', [table, g.input('factors', 'int64', ['sentences', 'length'])]) : table;
  const embedded = g.op('Gather', [layers.embedding(g), ids]);
  return g.op('Add', [g.op('Add', [embedded, positions]), factor]);
}

/** Sinusoids [{@link mostPositions}, dimensions]: sines in the first half of a row, cosines in the second. */
export function positionTable(g: GraphBuilder, dimensions: number): Value {
  const half = dimensions / 2;
  const table = new Float32Array(mostPositions * dimensions);
  for (let p = 0; p < mostPositions; p++) {
    for (let j = 0; j < half; j++) {
      const angle = p / 10_000 ** ((2 * j) / dimensions);
      table[p * dimensions + j] = Math.sin(angle);
      table[p * dimensions + half + j] = Math.cos(angle);
    }
  }
  return g.tensor('positions', [mostPositions, dimensions], table);
}
