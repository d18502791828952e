import { PerennialError } from '../../../contracts/errors.ts';
import { int64, type OnnxTensors } from '../../serving/tensor.ts';
import { mostPositions } from '../onnx/index.ts';
import type { TransformerShape } from '../transformer/shape.ts';
import { type SearchOptions, type Source, special } from './types.ts';

/** Longest translation of a source of so many ids. */
export function lengthLimit(source: Source, { maxLength }: SearchOptions): number {
  return Math.min(mostPositions, maxLength ?? 2 * source.ids.length + 10);
}

/** Throws VALIDATION_FAILED when a sentence is longer than the graphs' positions, or has ids or factors they don't know. */
export function checkSource({ ids, factors }: Source, shape: TransformerShape): void {
  const fault = (message: string, remedy: string) => new PerennialError('VALIDATION_FAILED', message, { remedy });
  if (ids.length > mostPositions) {
    throw fault(`A sentence has ${ids.length} subwords; the most is ${mostPositions}`, 'Split it into sentences.');
  }
  const wrong = ids.find((id) => id < 0 || id >= shape.vocabulary);
  if (wrong !== undefined) {
    throw fault(`The id ${wrong} is outside the vocabulary of ${shape.vocabulary}`, 'Use the subwords of this model.');
  }
  if (factors === undefined) return;
  const unknown = factors.find((factor) => factor >= shape.factors);
  if (factors.length !== ids.length || unknown !== undefined) {
    throw fault(
      unknown === undefined
        ? `${factors.length} factors came with ${ids.length} ids`
        : `The factor ${unknown} is not one of the model's ${shape.factors}`,
      'Give a factor for each id, as the model was trained.',
    );
  }
}

/**
 * Cuts sentences, sorted by length, into batches, so that little padding is computed: indices into `sources`.
 * @param limits.sentences most a batch; `limits.tokens` most of sentences × the longest, unless a sentence alone has more.
 */
export function batchesByLength(
  sources: readonly Source[],
  limits: { readonly sentences: number; readonly tokens: number },
): number[][] {
  const order = sources.map((_, i) => i).sort((a, b) => sources[b]!.ids.length - sources[a]!.ids.length || a - b);
  const batches: number[][] = [];
  let batch: number[] = [];
  for (const i of order) {
    const longest = sources[batch[0] ?? i]!.ids.length;
    if (batch.length === limits.sentences || (batch.length > 0 && longest * (batch.length + 1) > limits.tokens)) {
      batches.push(batch);
      batch = [];
    }
    batch.push(i);
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/** The sentences as inputs of the encoder, padded to the longest. */
export function sourceFeeds(sources: readonly Source[], shape: TransformerShape): OnnxTensors {
  const length = Math.max(...sources.map(({ ids }) => ids.length));
  const ids = new Int32Array(sources.length * length).fill(special.pad);
  const factors = new Int32Array(ids.length);
  sources.forEach((source, row) => {
    ids.set(source.ids, row * length);
    if (source.factors !== undefined) factors.set(source.factors, row * length);
  });
  const dims = [sources.length, length];
  return { ids: int64(ids, dims), ...(shape.factors > 1 ? { factors: int64(factors, dims) } : {}) };
}
