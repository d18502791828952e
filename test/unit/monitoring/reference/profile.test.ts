import { describe, expect, it } from 'vitest';
import {
  categories,
  decodeProfile,
  encodeProfile,
  type Frame,
  type NumericColumn,
  profileOf,
  unitsOf,
} from '../../../../domain/monitoring/reference/index.ts';
import { Random } from '../../../../domain/nlp/random.ts';
import { mixedRows } from '../support.ts';

const numbers = (values: readonly number[]): NumericColumn => ({ type: 'numeric', values: Float64Array.from(values) });

describe('profileOf', () => {
  it('summarises all rows, not those it keeps', () => {
    const rows = 2000;
    const values = Array.from({ length: rows }, (_, row) => (row % 10 === 0 ? Number.NaN : row));
    const frame: Frame = {
      rows,
      columns: { x: numbers(values), c: categories(values.map((v) => (Number.isNaN(v) ? null : `c${v % 3}`))) },
    };
    const { columns, sample } = profileOf(frame, { sampleRows: 100 });
    expect(sample.rows).toBe(100);
    expect(columns['x']).toMatchObject({ type: 'numeric', missing: 0.1, mean: 1000 });
    const { quantiles } = columns['x'] as { quantiles: number[] } & (typeof columns)[string];
    expect([quantiles[0], quantiles[5], quantiles.at(-1)]).toEqual([1, 1001, 1999]);
    expect(columns['c']).toEqual({
      type: 'category',
      missing: 0.1,
      counts: [
        ['c0', 600],
        ['c1', 600],
        ['c2', 600],
      ],
      distinct: 3,
    });
  });

  it('keeps columns of a row together', () => {
    const random = new Random(1);
    const x = Array.from({ length: 3000 }, () => random.normal());
    const { sample } = profileOf(
      { rows: 3000, columns: { x: numbers(x), y: numbers(x.map((v) => 2 * v)) } },
      { sampleRows: 200 },
    );
    const [a, b] = [sample.columns['x'] as NumericColumn, sample.columns['y'] as NumericColumn];
    expect(b.values.every((value, row) => Math.abs(value - 2 * a.values[row]!) < 1e-5)).toBe(true);
  });

  it('keeps units whole', () => {
    const invoice = Array.from({ length: 1000 }, (_, row) => `i${Math.floor(row / 8)}`);
    const day = Array.from({ length: 1000 }, (_, row) => row % 2);
    const frame: Frame = {
      rows: 1000,
      units: unitsOf(invoice, day),
      columns: { x: numbers(invoice.map((_, row) => row)) },
    };
    const { sample } = profileOf(frame, { sampleRows: 100 });
    const sizes = new Map<number, number>();
    for (const unit of sample.units!) sizes.set(unit, (sizes.get(unit) ?? 0) + 1);
    expect([...new Set(sizes.values())]).toEqual([4]);
    expect(sample.rows).toBe(100);
  });

  it('keeps the most frequent categories of many, and counts the others as one', () => {
    const labels = Array.from({ length: 900 }, (_, row) => (row < 300 ? 'a' : row < 500 ? 'b' : `rare${row}`));
    const { columns, sample } = profileOf({ rows: 900, columns: { c: categories(labels) } }, { categories: 2 });
    expect(columns['c']).toMatchObject({
      counts: [
        ['a', 300],
        ['b', 200],
      ],
      distinct: 402,
    });
    expect(sample.columns['c']).toMatchObject({ labels: ['a', 'b', expect.stringContaining('other')] });
  });

  it('refuses a table without rows and columns of other lengths', () => {
    expect(() => profileOf({ rows: 0, columns: {} })).toThrow('reference has no rows');
    expect(() => profileOf({ rows: 2, columns: { x: numbers([1, 2, 3]) } })).toThrow('reference.x has length 3');
  });
});

it('is stored compactly and read again', () => {
  const frame = {
    ...mixedRows(20_000, new Random(2)),
    units: unitsOf(Array.from({ length: 20_000 }, (_, r) => r >> 1)),
  };
  const profile = profileOf(frame);
  const bytes = encodeProfile(profile);
  expect(bytes.length).toBeLessThan(250_000);
  const read = decodeProfile(bytes);
  expect(read.columns).toEqual(profile.columns);
  expect(read.sample.columns).toEqual(profile.sample.columns);
  expect(() => decodeProfile(bytes.subarray(0, 1000))).toThrow(expect.objectContaining({ code: 'MODEL_FORMAT' }));
});
