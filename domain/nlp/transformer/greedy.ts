import { attentionWeights, mergeHeads, splitHeads } from './attention.ts';
import { beginId, type Example, endId, type SourceBatch, sourceBatch } from './batches.ts';
import { embed } from './embedding.ts';
import { feedForward } from './feed-forward.ts';
import type { Pass } from './layer.ts';
import { layerNorm } from './layer-norm.ts';
import { linear } from './linear.ts';
import { integersOf, type NativeTensor, release, scoped, scopedTensors } from './native.ts';
import { add, argMaxLast, concat, matMul } from './operations.ts';
import type { TransformerShape } from './shape.ts';
import { encode, paddingMask } from './stacks.ts';

export interface GreedyOptions {
  /** Most subwords of a translation, from those of its source; default twice as many and 10. */
  readonly longest?: (source: number) => number;
  /** Source subwords in a batch, padding counted; default 4,096. */
  readonly tokensPerBatch?: number;
}

/** Attention of new queries to keys and values of all positions so far, and its projection, added to x. */
function attendTo(
  pass: Pass,
  name: string,
  x: NativeTensor,
  [q, k, v]: readonly [NativeTensor, NativeTensor, NativeTensor],
  mask: NativeTensor | undefined,
): NativeTensor {
  const context = matMul(attentionWeights(q, k, mask), v);
  return add(x, linear(pass, `${name}.output`, mergeHeads([context])).output);
}

/** Keys and values of a decoder layer: of the encoder's output, and of the target so far. */
interface Cache {
  readonly cross: readonly [NativeTensor, NativeTensor];
  own: readonly [NativeTensor, NativeTensor] | undefined;
}

/** One more target position for every row: its ids in, the most probable next ids out. */
function advance(pass: Pass, ids: Int32Array, at: number, caches: Cache[], mask: NativeTensor | undefined): Int32Array {
  const rows = ids.length;
  let next: Int32Array = new Int32Array(0);
  const before = caches.flatMap(({ own }) => own ?? []);
  const kept = scopedTensors(() => {
    const grown: NativeTensor[] = [];
    let x = embed(pass, ids, undefined, 1, at).output;
    caches.forEach((cache, i) => {
      const self = `decoder.${i}.selfAttention`;
      const normal = layerNorm(pass, `${self}.norm`, x).output;
      const [q, k, v] = splitHeads(linear(pass, `${self}.qkv`, normal).output, 3, rows, pass.heads) as Triple;
      const keys = cache.own ? concat([cache.own[0], k], 3) : k;
      const values = cache.own ? concat([cache.own[1], v], 3) : v;
      grown.push(keys, values);
      x = attendTo(pass, self, x, [q, keys, values], undefined);
      const cross = `decoder.${i}.crossAttention`;
      const query = linear(pass, `${cross}.query`, layerNorm(pass, `${cross}.norm`, x).output).output;
      const [crossQ] = splitHeads(query, 1, rows, pass.heads) as [NativeTensor];
      x = attendTo(pass, cross, x, [crossQ, ...cache.cross], mask);
      x = feedForward(pass, `decoder.${i}.feedForward`, x).output;
    });
    const y = layerNorm(pass, 'decoder.norm', x).output;
    next = integersOf(argMaxLast(matMul(y, pass.parameter('embedding'), { second: true })));
    return grown;
  });
  release(...before);
  caches.forEach((cache, i) => {
    cache.own = [kept[2 * i] as NativeTensor, kept[2 * i + 1] as NativeTensor];
  });
  return next;
}
type Triple = [NativeTensor, NativeTensor, NativeTensor];

/** The most probable next subword again and again, for every row until it ends or has `limits[row]` subwords. */
function decodeBatch(
  pass: Pass,
  layers: Pick<TransformerShape, 'encoderLayers' | 'decoderLayers'>,
  source: SourceBatch,
  limits: readonly number[],
): Int32Array[] {
  return scoped(() => {
    const mask = paddingMask(source);
    const [memory] = scopedTensors(() => [encode(pass, source, layers.encoderLayers, mask).output]) as [NativeTensor];
    const caches = Array.from({ length: layers.decoderLayers }, (_, i): Cache => {
      const { output } = linear(pass, `decoder.${i}.crossAttention.keyValue`, memory);
      return { cross: splitHeads(output, 2, source.rows, pass.heads) as [NativeTensor, NativeTensor], own: undefined };
    });
    const out: number[][] = limits.map(() => []);
    const done = limits.map((limit) => limit <= 0);
    let ids: Int32Array = new Int32Array(source.rows).fill(beginId);
    for (let at = 0; done.includes(false); at++) {
      ids = advance(pass, ids, at, caches, mask);
      ids.forEach((id, row) => {
        if (done[row]) return;
        if (id === endId) done[row] = true;
        else out[row]?.push(id);
        if (out[row]?.length === limits[row]) done[row] = true;
      });
    }
    return out.map((row) => Int32Array.from(row));
  });
}

/**
 * Greedy translations, without the end: what the training model itself says. Sources of like length are decoded together, with
 * the keys and values of earlier positions kept.
 */
export function decodeGreedy(
  pass: Pass,
  layers: Pick<TransformerShape, 'encoderLayers' | 'decoderLayers'>,
  sources: readonly Pick<Example, 'source' | 'factors'>[],
  options: GreedyOptions = {},
): Int32Array[] {
  const longest = options.longest ?? ((length: number) => 2 * length + 10);
  const tokens = options.tokensPerBatch ?? 4096;
  const order = sources.map((_, i) => i).sort((a, b) => sizeOf(b) - sizeOf(a) || a - b);
  const out: Int32Array[] = new Array(sources.length);
  while (order.length > 0) {
    const size = Math.max(1, Math.floor(tokens / sizeOf(order[0] as number)));
    const some = order.splice(0, size);
    const batch = some.map((i) => sources[i] as Example);
    const limits = batch.map(({ source }) => longest(source.length));
    decodeBatch(pass, layers, sourceBatch(batch), limits).forEach((ids, row) => {
      out[some[row] as number] = ids;
    });
  }
  return out;

  function sizeOf(i: number): number {
    return sources[i]?.source.length ?? 0;
  }
}
