import type { EncodedSource } from './encoder.ts';
import { positionTable } from './encoder.ts';
import type { GraphBuilder, Value } from './graph.ts';
import type { Layers } from './layers.ts';

/** Keys and values of a layer. */
export interface Cache {
  readonly key: Value;
  readonly value: Value;
}

/** Keys and values of cross-attention a decoder layer, computed once a source: [sentences, heads, length, head size]. */
export function crossCaches(g: GraphBuilder, layers: Layers, source: EncodedSource): Cache[] {
  const { dimensions, heads, decoderLayers } = layers.shape;
  const names = Array.from({ length: decoderLayers }, (_, i) => `decoder.${i}.crossAttention.keyValue`);
  const all = layers.joinedLinear(g, source.output, names, [dimensions, 2 * dimensions], 'column');
  const split = g.op('Concat', [source.sizes, g.int64([2 * decoderLayers, heads, dimensions / heads])], { axis: 0 });
  const parts = g.op('Transpose', [g.op('Reshape', [all, split])], { perm: [2, 0, 3, 1, 4] });
  const pick = (at: number) => g.op('Gather', [parts, g.int64(at)], { axis: 0 });
  return names.map((_, i) => ({ key: pick(2 * i), value: pick(2 * i + 1) }));
}

/** Empty caches of self-attention for `rows` (int64 [1]): [rows, heads, 0, head size]. */
export function emptyCache(g: GraphBuilder, layers: Layers, rows: Value): Value {
  const { dimensions, heads } = layers.shape;
  return g.op('ConstantOfShape', [g.op('Concat', [rows, g.int64([heads, 0, dimensions / heads])], { axis: 0 })]);
}

/** Declares caches of self-attention as inputs: `past.{layer}.key` and `.value`. */
export function pastInputs(g: GraphBuilder, layers: Layers, rows: string): Cache[] {
  const { dimensions, heads, decoderLayers } = layers.shape;
  const size = [rows, heads, 'past', dimensions / heads];
  return Array.from({ length: decoderLayers }, (_, i) => ({
    key: g.input(`past.${i}.key`, 'float32', size),
    value: g.input(`past.${i}.value`, 'float32', size),
  }));
}

/**
 * How rows of single tokens are laid out. Self-attention sees every row as a sequence of its own, cross-attention the rows
 * of a sentence as one sequence, so that they share its keys and values. A shape left out: the stream is laid out so.
 */
export interface RowLayout {
  /** int64 shape of the stream. */
  readonly stream: Value;
  /** int64 shape [rows, 1, 3 · dimensions]. */
  readonly single?: Value;
  /** int64 shape [sentences, rows a sentence, dimensions]. */
  readonly grouped?: Value;
}

export interface StepInputs {
  /** int64 token ids, one a row. */
  readonly token: Value;
  /** int64 scalar: tokens before this one. */
  readonly position: Value;
  /** int32 zeros [rows]. */
  readonly zeros: Value;
  readonly layout: RowLayout;
  readonly mask: Value;
  readonly cross: readonly Cache[];
  readonly past: readonly Cache[];
}

/** One token a row through all layers of the decoder. Returns the logits, and the caches with this token. */
export function decoderStep(g: GraphBuilder, layers: Layers, inputs: StepInputs): { logits: Value; present: Cache[] } {
  const { dimensions, heads } = layers.shape;
  const { layout } = inputs;
  const reshape = (x: Value, shape: Value | undefined) => (shape === undefined ? x : g.op('Reshape', [x, shape]));
  const back = (x: Value, from: Value | undefined) => (from === undefined ? x : g.op('Reshape', [x, layout.stream]));
  const square = [dimensions, dimensions] as const;

  const embedded = g.op('Gather', [layers.embedding(g), inputs.token]);
  let x = g.op('Add', [embedded, g.op('Gather', [positionTable(g, dimensions), inputs.position])]);
  if (layers.precision === 'float32') x = g.op('Reshape', [x, layout.stream]);
  const before = g.op('Cast', [inputs.position], { to: 6 });
  const pastLengths = g.op('Add', [inputs.zeros, before]);
  const total = g.op('Add', [before, g.int32(1)]);

  const present = inputs.past.map((past, i) => {
    const self = `decoder.${i}.selfAttention`;
    const normed = layers.norm(g, x, `${self}.norm`);
    const qkv = reshape(layers.linear(g, normed, `${self}.qkv`, [dimensions, 3 * dimensions], 'tensor'), layout.single);
    const [attended, key, value] = g.multi(
      'GroupQueryAttention',
      [qkv, '', '', past.key, past.value, pastLengths, total],
      3,
      { num_heads: heads, kv_num_heads: heads },
    ) as [Value, Value, Value];
    const own = layers.linear(g, back(attended, layout.single), `${self}.output`, square, 'tensor');
    x = g.op('Add', [x, own]);

    const cross = `decoder.${i}.crossAttention`;
    const { key: sourceKey, value: sourceValue } = inputs.cross[i] as Cache;
    const query = layers.linear(g, layers.norm(g, x, `${cross}.norm`), `${cross}.query`, square, 'tensor');
    const queries = reshape(query, layout.grouped);
    const read = g.op('MultiHeadAttention', [queries, sourceKey, sourceValue, '', inputs.mask], { num_heads: heads });
    x = g.op('Add', [x, layers.linear(g, back(read, layout.grouped), `${cross}.output`, square, 'tensor')]);
    x = layers.feedForward(g, x, `decoder.${i}.feedForward`, 'tensor');
    return { key, value };
  });
  return { logits: layers.logits(g, x), present };
}
