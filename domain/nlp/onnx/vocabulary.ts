import type { GraphBuilder, Value } from './graph.ts';

/** Cuts of the vocabulary, so that the best of it is found in two levels: `count` blocks of `width`. */
export interface VocabularyBlocks {
  readonly count: number;
  readonly width: number;
  /** count · width: the vocabulary and what fills its last block. */
  readonly padded: number;
}

/**
 * At least √vocabulary blocks; a width that needs no padding is preferred, down to half of √vocabulary. Below 2,048 the vocabulary is
 * not cut, so that a search always has blocks for a beam of 32.
 */
export function vocabularyBlocks(vocabulary: number): VocabularyBlocks {
  if (vocabulary < 2048) return { count: vocabulary, width: 1, padded: vocabulary };
  const root = Math.floor(Math.sqrt(vocabulary));
  let width = root;
  while (vocabulary % width !== 0 && width > root / 2) width--;
  if (vocabulary % width !== 0) width = root;
  const count = Math.ceil(vocabulary / width);
  return { count, width, padded: count * width };
}

/**
 * The best of each row of `scores` [rows, padded vocabulary] (or [rows, 1, …]): `id` int64 [rows, 1], and `block` float32
 * [rows, blocks], the best score of each block. In two levels it takes a sixth of the time of one ArgMax over the row.
 */
export function argMax(g: GraphBuilder, scores: Value, { count, width }: VocabularyBlocks): { id: Value; best: Value } {
  const cut = g.op('Reshape', [scores, g.int64([-1, count, width])]);
  const best = g.op('ReduceMax', [cut, g.int64([2])], { keepdims: 0 });
  const block = g.op('ArgMax', [best], { axis: 1, keepdims: 1 });
  const within = g.op('ArgMax', [g.op('GatherND', [cut, block], { batch_dims: 1 })], { axis: 1, keepdims: 1 });
  return { id: g.op('Add', [g.op('Mul', [block, g.int64(width)]), within]), best };
}

/**
 * The `k` best of each row of `scores` [rows, padded vocabulary]: scores and int64 ids, [rows, k], best first.
 * @param k int64 [1], at most the number of blocks.
 */
export function topK(
  g: GraphBuilder,
  scores: Value,
  k: Value,
  { count, width }: VocabularyBlocks,
): { scores: Value; ids: Value } {
  const cut = g.op('Reshape', [scores, g.int64([-1, count, width])]);
  // The k best numbers stand in the k blocks whose best are the highest.
  const [, blocks] = g.multi('TopK', [g.op('ReduceMax', [cut, g.int64([2])], { keepdims: 0 }), k], 2) as [Value, Value];
  const chosen = g.op('GatherND', [cut, g.op('Unsqueeze', [blocks, g.int64([2])])], { batch_dims: 1 });
  const flat = g.op('Reshape', [
    chosen,
    g.op('Concat', [g.int64([-1]), g.op('Mul', [k, g.int64([width])])], { axis: 0 }),
  ]);
  const [best, at] = g.multi('TopK', [flat, k], 2) as [Value, Value];
  const block = g.op('GatherElements', [blocks, g.op('Div', [at, g.int64(width)])], { axis: 1 });
  const ids = g.op('Add', [g.op('Mul', [block, g.int64(width)]), g.op('Mod', [at, g.int64(width)])]);
  return { scores: best, ids };
}
