import { PerennialError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { hashedNgrams } from '../nlp/index.ts';

/** Vectors of words from their subwords, whatever the word: the sum of the vectors of its character n-grams. */
export interface WordEncoder {
  /** Length of a vector. */
  readonly dimensions: number;
  /** Hash buckets; row 0 is padding, all zeros. */
  readonly buckets: number;
  /** Vector of each bucket [buckets × dimensions]. */
  readonly table: Float32Array;
  /** How much each word of the catalogue says about a product, above 0; words it was not trained with have their idf. */
  readonly weight: ReadonlyMap<string, number>;
}

/** n-grams of a word that count. */
export const gramsOfWord = 24;

/** Vectors of length 1, row by row [words.length × dimensions]. */
export function encodeWords({ dimensions: d, buckets, table }: WordEncoder, words: readonly string[]): Float32Array {
  const out = new Float32Array(words.length * d);
  words.forEach((word, i) => {
    const row = out.subarray(i * d, (i + 1) * d);
    for (const id of hashedNgrams(word, buckets, gramsOfWord)) {
      for (let k = 0; k < d; k++) row[k]! += table[id * d + k]!;
    }
    let square = 1e-12;
    for (let k = 0; k < d; k++) square += row[k]! ** 2;
    const norm = Math.sqrt(square);
    for (let k = 0; k < d; k++) row[k]! /= norm;
  });
  return out;
}

/** A word means a word of the catalogue when their cosine is above it … */
export const threshold = 0.5;
/** … the more clearly, the higher this is. */
export const contrast = 12;
/** Scores of products, 0 to 1, are multiplied by it before the softmax. */
export const sharpness = 16;

/**
 * Chance of a word to mean each word of the catalogue, whose vectors are `names`, and behind them their sum; what that lacks
 * of 1 is the chance that it means none of them.
 */
export function meaningOf(encoder: WordEncoder, word: string, names: Float32Array): Float32Array {
  const d = encoder.dimensions;
  const own = encodeWords(encoder, [word]);
  const out = new Float32Array(names.length / d + 1);
  let sum = 1;
  for (let c = 0; c + 1 < out.length; c++) {
    let dot = 0;
    for (let k = 0; k < d; k++) dot += own[k]! * names[c * d + k]!;
    out[c] = Math.exp(contrast * (dot - threshold));
    sum += out[c]!;
  }
  for (let c = 0; c + 1 < out.length; c++) out[c]! /= sum;
  out[out.length - 1] = 1 - 1 / sum;
  return out;
}

/** The parts of an encoder in packed bytes of a model. */
export function encoderParts({ dimensions, buckets, table, weight }: WordEncoder) {
  return {
    meta: { dimensions, buckets, words: [...weight.keys()] },
    arrays: { table, weight: Float32Array.from(weight.values()) },
  };
}

/** Reads {@link encoderParts}; MODEL_FORMAT when they don't fit together. */
export function encoderFrom(meta: JsonObject, arrays: Readonly<Record<string, Float32Array>>): WordEncoder {
  const { dimensions, buckets, words } = meta as { dimensions: number; buckets: number; words: string[] };
  const { table, weight } = arrays;
  if (table?.length !== buckets * dimensions || weight?.length !== words?.length) {
    throw new PerennialError(
      'MODEL_FORMAT',
      `The word encoder holds ${table?.length ?? 0} numbers, not ${buckets} × ${dimensions}`,
      {
        remedy: 'Train the model again.',
      },
    );
  }
  return { dimensions, buckets, table, weight: new Map(words.map((word, i) => [word, weight[i]!])) };
}
