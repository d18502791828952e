import { PerennialError } from '../../../contracts/errors.ts';
import type { Random } from '../random.ts';

/** A pair of texts as subwords. Both end with {@link endId}; the target begins without {@link beginId}. */
export interface Example {
  readonly source: Int32Array;
  /** A source factor for every source subword; absent = all 0. */
  readonly factors?: Uint8Array;
  readonly target: Int32Array;
}

export const padId = 0;
export const beginId = 1;
export const endId = 2;

/** Source side of a batch, padded with {@link padId} to the longest: [rows, length], row by row. */
export interface SourceBatch {
  readonly rows: number;
  readonly length: number;
  readonly ids: Int32Array;
  readonly factors: Int32Array;
  readonly isPadded: boolean;
}

/** Examples as rectangles. */
export interface Batch {
  readonly source: SourceBatch;
  readonly targetLength: number;
  /** What the decoder reads: {@link beginId}, then the target without its end. [rows, targetLength] */
  readonly input: Int32Array;
  /** What it must say: the target. [rows, targetLength] */
  readonly labels: Int32Array;
  /** Target subwords that are no padding. */
  readonly tokens: number;
}

/** Pads sources to a rectangle; factors left out are 0. */
export function sourceBatch(sources: readonly Pick<Example, 'source' | 'factors'>[]): SourceBatch {
  const length = Math.max(...sources.map(({ source }) => source.length));
  const ids = new Int32Array(sources.length * length);
  const factors = new Int32Array(sources.length * length);
  sources.forEach(({ source, factors: own }, row) => {
    ids.set(source, row * length);
    if (own) factors.set(own, row * length);
  });
  const isPadded = sources.some(({ source }) => source.length < length);
  return { rows: sources.length, length, ids, factors, isPadded };
}

/** One batch of all `examples`. */
export function toBatch(examples: readonly Example[]): Batch {
  const targetLength = Math.max(...examples.map(({ target }) => target.length));
  const input = new Int32Array(examples.length * targetLength);
  const labels = new Int32Array(examples.length * targetLength);
  let tokens = 0;
  examples.forEach(({ target }, row) => {
    labels.set(target, row * targetLength);
    input[row * targetLength] = beginId;
    input.set(target.subarray(0, -1), row * targetLength + 1);
    tokens += target.length;
  });
  return { source: sourceBatch(examples), targetLength, input, labels, tokens };
}

/** A batch followed by itself. */
export function twice(batch: Batch): Batch {
  const doubled = (values: Int32Array) => {
    const out = new Int32Array(2 * values.length);
    out.set(values);
    out.set(values, values.length);
    return out;
  };
  const { source } = batch;
  return {
    ...batch,
    source: { ...source, rows: 2 * source.rows, ids: doubled(source.ids), factors: doubled(source.factors) },
    input: doubled(batch.input),
    labels: doubled(batch.labels),
    tokens: 2 * batch.tokens,
  };
}

/**
 * Splits examples into batches of at most `tokens` target subwords and at most as many source subwords, padding counted on
 * both sides, so that a step costs about the same time and memory whatever its sentences' length. Sentences of like length
 * come together: `random` shuffles all examples, each window of them is sorted by length and cut, and the batches are
 * shuffled. Every example stands in exactly one batch; one longer than `tokens` is a batch of its own. The numbers are
 * indices of `lengths`.
 *
 * @param lengths source and target subwords of every example.
 * @param window examples sorted together; default 100 batches' worth.
 */
export function planBatches(
  lengths: readonly (readonly [source: number, target: number])[],
  tokens: number,
  random: Random,
  window?: number,
): Int32Array[] {
  const order = Int32Array.from(lengths, (_, i) => i);
  random.shuffle(order);
  const mean = lengths.reduce((sum, [, target]) => sum + target, 0) / Math.max(1, lengths.length);
  const size = window ?? Math.max(1, Math.round((100 * tokens) / Math.max(1, mean)));
  const batches: Int32Array[] = [];
  for (let from = 0; from < order.length; from += size) {
    const sorted = order.slice(from, from + size).sort((a, b) => {
      const [[sourceA, targetA], [sourceB, targetB]] = [lengths[a], lengths[b]] as [[number, number], [number, number]];
      return targetA - targetB || sourceA - sourceB || a - b;
    });
    batches.push(...cut(sorted, lengths, tokens));
  }
  const shuffled = Int32Array.from(batches, (_, i) => i);
  random.shuffle(shuffled);
  return Array.from(shuffled, (i) => batches[i] as Int32Array);
}

function cut(
  sorted: Int32Array,
  lengths: readonly (readonly [source: number, target: number])[],
  tokens: number,
): Int32Array[] {
  const out: Int32Array[] = [];
  let from = 0;
  let longest = 0;
  sorted.forEach((example, i) => {
    const [source, target] = lengths[example] as readonly [number, number];
    const longer = Math.max(longest, source, target);
    if (i > from && longer * (i - from + 1) > tokens) {
      out.push(sorted.slice(from, i));
      from = i;
      longest = Math.max(source, target);
    } else longest = longer;
  });
  if (from < sorted.length) out.push(sorted.slice(from));
  return out;
}

/** Throws SOURCE_INVALID naming the first example that the model cannot take: empty, no end, ids or factors out of range. */
export function checkExamples(examples: readonly Example[], vocabulary: number, factors: number): void {
  examples.forEach((example, i) => {
    const fault = (message: string) =>
      new PerennialError('SOURCE_INVALID', `Example ${i} ${message}`, {
        remedy: 'Encode texts with the vocabulary that the model has, and end both sides with the end of sentence.',
      });
    for (const side of ['source', 'target'] as const) {
      const ids = example[side];
      if (ids.at(-1) !== endId) throw fault(`has a ${side} that does not end with id ${endId}`);
      const wrong = ids.find((id) => id <= padId || id >= vocabulary);
      if (wrong !== undefined) throw fault(`has the ${side} id ${wrong}; the vocabulary has 1 to ${vocabulary - 1}`);
    }
    if (!example.factors) return;
    if (example.factors.length !== example.source.length)
      throw fault(`has ${example.factors.length} factors for ${example.source.length} source subwords`);
    const wrong = example.factors.find((factor) => factor >= factors);
    if (wrong !== undefined) throw fault(`has the factor ${wrong}; the model has 0 to ${factors - 1}`);
  });
}
