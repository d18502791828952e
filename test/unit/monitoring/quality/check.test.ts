import { describe, expect, it } from 'vitest';
import { checkQuality } from '../../../../domain/monitoring/quality/index.ts';
import {
  categories,
  type Frame,
  type NumericColumn,
  profileOf,
} from '../../../../domain/monitoring/reference/index.ts';
import { Random } from '../../../../domain/nlp/random.ts';
import { mixedRows, withColumn } from '../support.ts';

const profile = profileOf(mixedRows(5000, new Random(1)));
const window = mixedRows(400, new Random(2));
const numeric = (values: Iterable<number>): NumericColumn => ({ type: 'numeric', values: Float64Array.from(values) });
const valuesOf = (frame: Frame, name: string) => (frame.columns[name] as NumericColumn).values;

describe('checkQuality', () => {
  it('finds something in a window without change as often as stated or less', () => {
    const random = new Random(3);
    let found = 0;
    for (let w = 0; w < 200; w++)
      if (checkQuality(profile, mixedRows(300, random), { level: 0.05 }).length > 0) found++;
    // 5 % of 200 and three standard deviations.
    expect(found).toBeLessThanOrEqual(19);
  });

  it('names a column that is missing, one of another type and one too many, errors first', () => {
    const { amount: _, ...rest } = window.columns;
    const changed = {
      ...window,
      columns: {
        ...rest,
        channel: numeric(new Float64Array(400)),
        colour: numeric(new Float64Array(400)),
      },
    };
    expect(checkQuality(profile, changed).map(({ check, severity, text }) => [check, severity, text])).toEqual([
      ['schema', 'error', 'amount: the column is missing; it was numeric.'],
      ['schema', 'error', 'channel: the column is numeric; it was category.'],
      ['schema', 'warning', 'colour: the training data have no such column; it is not used.'],
    ]);
  });

  it('finds values that went missing, with both shares', () => {
    const holes = numeric(valuesOf(window, 'income').map((value, row) => (row % 4 === 0 ? Number.NaN : value)));
    const [finding, ...others] = checkQuality(profile, withColumn(window, 'income', holes));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ check: 'missing', column: 'income', severity: 'warning' });
    expect(finding!.observed).toBeGreaterThan(0.28);
    expect(finding!.expected).toBeCloseTo(0.1, 1);
    expect(finding!.text).toMatch(/^income: [\d.]+ % of the rows have no value, [\d.]+ % in the training data\.$/);
  });

  it('takes an empty column for an error', () => {
    const empty = withColumn(window, 'visits', numeric(new Float64Array(400).fill(Number.NaN)));
    expect(checkQuality(profile, empty)).toMatchObject([
      { check: 'missing', column: 'visits', severity: 'error', observed: 1 },
    ]);
  });

  it('finds values beyond those of the training data, but not a single one', () => {
    const beyond = (rows: number) =>
      withColumn(
        window,
        'amount',
        numeric(valuesOf(window, 'amount').map((value, row) => (row < rows ? 1e6 + row : value))),
      );
    expect(checkQuality(profile, beyond(1))).toEqual([]);
    expect(checkQuality(profile, beyond(8))).toMatchObject([
      { check: 'range', column: 'amount', severity: 'warning', observed: 0.02 },
    ]);
  });

  it('refuses a single value beyond its limits', () => {
    const negative = withColumn(
      window,
      'amount',
      numeric(valuesOf(window, 'amount').map((v, row) => (row === 7 ? -1 : v))),
    );
    expect(checkQuality(profile, negative, { limits: { amount: { min: 0 } } })).toMatchObject([
      { check: 'range', severity: 'error', text: 'amount: 1 value outside 0 … ∞, such as -1.' },
    ]);
  });

  it('finds a number that has stopped to change', () => {
    const stuck = withColumn(window, 'visits', numeric(new Float64Array(400).fill(2)));
    expect(checkQuality(profile, stuck)).toMatchObject([{ check: 'constant', column: 'visits', observed: 2 }]);
  });

  it('finds categories that the training data have not, by name', () => {
    const labels = Array.from({ length: 400 }, (_, row) => (row < 10 ? 'app' : 'web'));
    expect(checkQuality(profile, withColumn(window, 'channel', categories(labels)))).toMatchObject([
      {
        check: 'new-category',
        column: 'channel',
        observed: 0.025,
        text: expect.stringContaining('1 category that the training data have not, such as "app"'),
      },
    ]);
  });

  it('expects new categories where new ones have always come', () => {
    const random = new Random(4);
    const names = (rows: number) => ({
      rows,
      columns: { product: categories(Array.from({ length: rows }, () => `p${random.below(3000)}`)) },
    });
    const wide = profileOf(names(4000), { categories: 5000 });
    expect(checkQuality(wide, names(300))).toEqual([]);
    const all = { rows: 300, columns: { product: categories(Array.from({ length: 300 }, (_, row) => `new${row}`)) } };
    expect(checkQuality(wide, all)).toMatchObject([{ check: 'new-category', observed: 1 }]);
  });

  it('counts rows that belong together once', () => {
    const holes = withColumn(
      window,
      'income',
      numeric(valuesOf(window, 'income').map((v, row) => (row < 100 ? Number.NaN : v))),
    );
    expect(checkQuality(profile, holes)).toHaveLength(1);
    const invoices = Int32Array.from({ length: 400 }, (_, row) => Math.floor(row / 50));
    expect(checkQuality(profile, { ...holes, units: invoices })).toEqual([]);
  });

  it('refuses columns of different lengths', () => {
    expect(() => checkQuality(profile, withColumn(window, 'amount', numeric([1, 2])))).toThrow(
      'window.amount has length 2, but the other data need 400',
    );
  });
});
