import { normals, type Random } from '../../nlp/random.ts';
import { type Column, type EmbeddingColumn, isMissing, type NumericColumn } from '../reference/index.ts';
import { categoryBins, orderOf } from './bins.ts';

/** What a classifier sees of a pool: features by row, of mean 0 and deviation 1. */
export type Features = readonly Float32Array[];

/** Deviations from the mean that count; what lies beyond counts as lying there, so that no single row rules. */
const mostDeviations = 5;

/** Numbers a vector is seen by at most; longer ones are projected by chance (Johnson and Lindenstrauss 1984). */
const mostDimensions = 64;
/** Categories of a column that are features, most frequent first. */
const mostCategories = 10;

/**
 * Numbers as ranks and their squares, which tell location and spread; categories and missing values as 0 and 1. They are
 * functions of both samples together, as the exchange of rows asks for.
 */
export function tabularFeatures(columns: readonly Column[], rows: number, share: number): Features {
  const features: Float32Array[] = [];
  for (const column of columns) {
    if (column.type === 'embedding') continue;
    if (column.type === 'numeric') {
      const ranks = ranksOf(column);
      features.push(
        ranks,
        ranks.map((rank) => rank * rank),
        Float32Array.from(ranks, (_, r) => +isMissing(column, r)),
      );
      continue;
    }
    const { of, all } = categoryBins(column, share);
    const frequent = Array.from(all.keys()).sort((a, b) => all[b]! - all[a]! || a - b);
    for (const bin of frequent.slice(0, mostCategories)) features.push(Float32Array.from(of, (own) => +(own === bin)));
  }
  return standardised(features, rows);
}

/** The numbers of vectors, and the square of their length, which tells their spread. Missing vectors lie in the middle. */
export function embeddingFeatures(column: EmbeddingColumn, rows: number, random: Random): Features {
  const { width } = column;
  const dimensions = Math.min(width, mostDimensions);
  const projection = dimensions < width ? normals(width * dimensions, 1 / Math.sqrt(dimensions), random) : null;
  const features = Array.from({ length: dimensions + 1 }, () => new Float32Array(rows));
  const centre = new Float64Array(dimensions);
  let present = 0;
  for (let row = 0; row < rows; row++) {
    if (isMissing(column, row)) continue;
    present++;
    for (let d = 0; d < dimensions; d++) {
      let value = column.values[row * width + d]!;
      if (projection) {
        value = 0;
        for (let i = 0; i < width; i++) value += column.values[row * width + i]! * projection[i * dimensions + d]!;
      }
      features[d]![row] = value;
      centre[d]! += value;
    }
  }
  const length = features[dimensions]!;
  for (let row = 0; row < rows; row++) {
    const absent = isMissing(column, row);
    for (let d = 0; d < dimensions; d++) {
      const value = absent ? 0 : features[d]![row]! - centre[d]! / present;
      features[d]![row] = value;
      length[row]! += value * value;
    }
  }
  return standardised(features, rows);
}

/** Middle ranks of equal values, from −1 to 1; 0 for missing ones. */
function ranksOf(column: NumericColumn): Float32Array {
  const { rows: order, last } = orderOf(column);
  const out = new Float32Array(column.values.length);
  for (let from = 0, i = 0; i < order.length; i++) {
    if (last[i] === 0) continue;
    for (let k = from; k <= i; k++) out[order[k]!] = (from + i + 1) / order.length - 1;
    from = i + 1;
  }
  return out;
}

function standardised(features: readonly Float32Array[], rows: number): Features {
  return features.flatMap((feature) => {
    const mean = feature.reduce((sum, value) => sum + value, 0) / rows;
    const variance = feature.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows;
    // A feature that never changes tells nothing.
    if (!(variance > 1e-12)) return [];
    const scale = 1 / Math.sqrt(variance);
    return [feature.map((value) => Math.max(-mostDeviations, Math.min(mostDeviations, (value - mean) * scale)))];
  });
}
