import { type Column, categories, type Frame } from '../../../domain/monitoring/reference/index.ts';
import type { Random } from '../../../domain/nlp/random.ts';

/** Rows of two numbers that go together, a number with gaps, categories, and vectors of four numbers. */
export function mixedRows(rows: number, random: Random): Frame {
  const size = Float64Array.from({ length: rows }, () => random.normal());
  const numeric = (of: (row: number) => number): Column => ({
    type: 'numeric',
    values: Float64Array.from({ length: rows }, (_, row) => of(row)),
  });
  return {
    rows,
    columns: {
      amount: numeric((row) => Math.exp(size[row]!)),
      visits: numeric((row) => Math.floor(2 * Math.exp(0.5 * size[row]! + 0.5 * random.normal()))),
      income: numeric(() => (random.next() < 0.1 ? Number.NaN : random.normal())),
      channel: categories(Array.from({ length: rows }, () => ['web', 'web', 'shop', 'phone'][random.below(4)])),
      text: { type: 'embedding', width: 4, values: Float32Array.from({ length: 4 * rows }, () => random.normal()) },
    },
  };
}

/** The frame with another column in the place of one. */
export const withColumn = (frame: Frame, name: string, column: Column): Frame => ({
  ...frame,
  columns: { ...frame.columns, [name]: column },
});
