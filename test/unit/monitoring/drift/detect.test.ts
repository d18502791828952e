import { describe, expect, it } from 'vitest';
import { type DriftReport, detectDrift } from '../../../../domain/monitoring/drift/index.ts';
import {
  categories,
  decodeProfile,
  type EmbeddingColumn,
  encodeProfile,
  type Frame,
  type NumericColumn,
  profileOf,
} from '../../../../domain/monitoring/reference/index.ts';
import { Random } from '../../../../domain/nlp/random.ts';
import { mixedRows, withColumn } from '../support.ts';

const reference = mixedRows(3000, new Random(1));
const profile = profileOf(reference, { sampleRows: 1500 });
const window = mixedRows(300, new Random(2));
const changed = (values: (value: number, row: number) => number, name = 'amount'): Frame =>
  withColumn(window, name, {
    type: 'numeric',
    values: (window.columns[name] as NumericColumn).values.map(values) as Float64Array,
  });
const columnOf = ({ columns }: DriftReport, name: string | null) => columns.find(({ column }) => column === name)!;
const alarmed = ({ columns }: DriftReport) => columns.filter(({ alarm }) => alarm).map(({ column }) => column);

describe('detectDrift', () => {
  it('finds nothing where nothing has changed, and says how far each column is from its threshold', async () => {
    const report = await detectDrift(profile, window);
    expect(report).toMatchObject({ alarm: false, choices: 200, referenceRows: 1500, windowRows: 300, notCompared: [] });
    expect(columnOf(report, 'amount').text).toMatch(
      /^amount has not changed beyond chance: .+, by chance up to .+; p = /,
    );
    for (const { tests } of report.columns)
      for (const test of tests) expect(test.adjustedP <= 0.05).toBe(test.value > test.threshold);
  });

  it('finds a mean that moved by half a deviation, in that column and in all together', async () => {
    const report = await detectDrift(
      profile,
      changed((value) => Math.exp(Math.log(value) + 0.5)),
    );
    expect(alarmed(report)).toEqual(['amount', null]);
    expect(columnOf(report, 'amount').text).toMatch(
      /^amount has changed: median [\d.]+ in the reference, [\d.]+ in the window; (KS distance|PSI|Jensen–Shannon distance) [\d.]+, by chance up to [\d.]+; p = 0\.005\.$/,
    );
  });

  it('finds a spread that grew while the middle stayed', async () => {
    const { values } = window.columns['income'] as NumericColumn;
    const wider = withColumn(window, 'income', { type: 'numeric', values: values.map((v) => 1.8 * v) as Float64Array });
    expect(alarmed(await detectDrift(profile, wider))).toContain('income');
  });

  it('finds values that went missing, and only that', async () => {
    const report = await detectDrift(
      profile,
      changed((value, row) => (row % 4 === 0 ? Number.NaN : value)),
    );
    expect(alarmed(report)).toContain('amount');
    const { tests, text } = columnOf(report, 'amount');
    expect(tests.find(({ statistic }) => statistic === 'missing')).toMatchObject({ alarm: true });
    expect(tests.find(({ statistic }) => statistic === 'ks')).toMatchObject({ alarm: false });
    expect(text).toMatch(/0\.0 % missing in the reference, 25\.0 % in the window; /);
  });

  it('finds shares of categories that moved, and a category that is new', async () => {
    const random = new Random(3);
    const labels = Array.from({ length: 300 }, () => ['web', 'shop', 'shop', 'phone', 'app'][random.below(5)]);
    const report = await detectDrift(profile, withColumn(window, 'channel', categories(labels)));
    expect(alarmed(report)).toEqual(['channel', null]);
    expect(columnOf(report, 'channel').text).toMatch(
      /"(web|shop|app)" [\d.]+ % of the rows in the reference, [\d.]+ %/,
    );
    const chi = columnOf(report, 'channel').tests.find(({ statistic }) => statistic === 'chi-squared')!;
    // Cohen's w: √(χ² (n + m) / (n m)).
    expect(chi.effect).toBeCloseTo(Math.sqrt((chi.value * 1800) / (1500 * 300)), 10);
  });

  it('finds vectors that moved along a direction, or only grew apart', async () => {
    const { values } = window.columns['text'] as EmbeddingColumn;
    const moved = (by: (value: number) => number) =>
      withColumn(window, 'text', { type: 'embedding', width: 4, values: values.map(by) });
    expect(
      alarmed(
        await detectDrift(
          profile,
          moved((v) => v + 0.25),
        ),
      ),
    ).toEqual(['text']);
    expect(
      alarmed(
        await detectDrift(
          profile,
          moved((v) => 1.5 * v),
        ),
      ),
    ).toEqual(['text']);
  });

  it('finds long vectors that moved, too', async () => {
    const random = new Random(4);
    const vectors = (rows: number, shift = 0): Frame => ({
      rows,
      columns: {
        v: {
          type: 'embedding',
          width: 96,
          values: Float32Array.from({ length: 96 * rows }, () => random.normal() + shift),
        },
      },
    });
    const own = profileOf(vectors(1000));
    expect((await detectDrift(own, vectors(300, 0.1))).alarm).toBe(true);
    expect((await detectDrift(own, vectors(300))).alarm).toBe(false);
  });

  it('raises no alarm for what is sure but small', async () => {
    const many = profileOf({ rows: 24_000, columns: { x: uniform(24_000, 0, 5) } }, { sampleRows: 12_000 });
    const report = await detectDrift(
      many,
      { rows: 12_000, columns: { x: uniform(12_000, 0.03, 6) } },
      { windowRows: 12_000 },
    );
    const { alarm, tests, text } = columnOf(report, 'x');
    expect(tests.find(({ statistic }) => statistic === 'ks')).toMatchObject({ adjustedP: 0.005, alarm: false });
    expect([alarm, report.alarm]).toEqual([false, false]);
    expect(text).toMatch(/^x has changed by less than matters: /);
    const strict = await detectDrift(
      many,
      { rows: 12_000, columns: { x: uniform(12_000, 0.03, 6) } },
      { floors: { ks: 0.01 } },
    );
    expect(strict.alarm).toBe(true);
  });

  it('tells columns it cannot compare, and compares the others', async () => {
    const { visits: _, ...rest } = window.columns;
    const report = await detectDrift(profile, {
      rows: 300,
      columns: { ...rest, income: categories(new Array(300).fill('a')) },
    });
    expect(report.notCompared).toEqual([
      { column: 'visits', reason: 'is not in the window' },
      { column: 'income', reason: 'is category, in the reference numeric' },
    ]);
    expect(columnOf(report, 'amount').alarm).toBe(false);
    await expect(detectDrift(profile, { rows: 300, columns: {} })).rejects.toMatchObject({ code: 'DATA_MISSING' });
  });

  it('gives the same report again, also by a profile that was stored', async () => {
    const first = await detectDrift(profile, window, { seed: 3 });
    expect(await detectDrift(decodeProfile(encodeProfile(profile)), window, { seed: 3 })).toEqual(first);
    expect(await detectDrift(profile, window, { seed: 4 })).not.toEqual(first);
  });

  it('refuses a level that so few units cannot reach, with what is needed', async () => {
    const days = (rows: number, per: number): Frame => ({
      rows,
      units: Int32Array.from({ length: rows }, (_, r) => Math.floor(r / per)),
      columns: { x: uniform(rows, 0, 7) },
    });
    await expect(detectDrift(profileOf(days(120, 10)), days(10, 10))).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
      message: expect.stringContaining('the reference needs 19 units or more'),
    });
  });

  it('stops when it is cancelled', async () => {
    const large = profileOf(mixedRows(5000, new Random(5)));
    await expect(
      detectDrift(large, mixedRows(2000, new Random(6)), { permutations: 5000, signal: AbortSignal.timeout(50) }),
    ).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

function uniform(rows: number, shift: number, seed: number): NumericColumn {
  const random = new Random(seed);
  return { type: 'numeric', values: Float64Array.from({ length: rows }, () => random.next() + shift) };
}
