import { type Column, countMissing, otherLabel } from '../reference/index.ts';
import { percent } from '../words.ts';
import type { StatisticName } from './evaluator.ts';
import type { Pool } from './pool.ts';
import type { DriftTest } from './report.ts';

const names: Readonly<Record<StatisticName, string>> = {
  ks: 'KS distance',
  psi: 'PSI',
  'jensen-shannon': 'Jensen–Shannon distance',
  'chi-squared': 'χ²',
  missing: 'distance of the shares of missing values (h)',
  classifier: 'area under the curve of a classifier between the two',
};

/** What the tests of a column say, as a sentence. */
export function textOf(column: string | null, tests: readonly DriftTest[], pool: Pool): string {
  const subject = column ?? 'All columns together';
  const byChance = (test: DriftTest) =>
    `${names[test.statistic]} ${figure(test.value)}, by chance up to ${figure(test.threshold)}; p = ${figure(test.adjustedP)}`;
  const alarmed = (statistic: StatisticName) => tests.find((test) => test.statistic === statistic && test.alarm);
  // PSI and Jensen–Shannon count missing values too: where the values themselves are as they were, those are the news.
  const strongest = (!alarmed('ks') && alarmed('missing')) || tests.reduce((a, b) => (better(b, a) ? b : a));
  if (strongest.alarm) {
    const what = column === null ? '' : changeOf(pool.columns[column]!, pool, strongest.statistic);
    return `${subject} ${column === null ? 'have' : 'has'} changed: ${what}${byChance(strongest)}.`;
  }
  const small = tests.filter(({ value, threshold }) => value > threshold).find(({ effect, floor }) => effect < floor);
  return small
    ? `${subject} ${column === null ? 'have' : 'has'} changed by less than matters: ${byChance(small)}, effect ${figure(small.effect)} below ${figure(small.floor)}.`
    : `${subject} ${column === null ? 'have' : 'has'} not changed beyond chance: ${byChance(strongest)}.`;
}

/** An alarm before none, then the less likely by chance, then the greater effect in terms of its floor. */
function better(a: DriftTest, b: DriftTest): boolean {
  if (a.alarm !== b.alarm) return a.alarm;
  if (a.adjustedP !== b.adjustedP) return a.adjustedP < b.adjustedP;
  return a.effect / a.floor > b.effect / b.floor;
}

/** What is different, in the column's own terms, with a colon's worth of room after it. */
function changeOf(column: Column, { referenceRows, rows }: Pool, statistic: StatisticName): string {
  const split = <T>(of: (from: number, to: number) => T) => [of(0, referenceRows), of(referenceRows, rows)] as const;
  if (statistic === 'missing') {
    const [before, now] = split((from, to) => countMissing(column, from, to) / (to - from));
    return `${percent(before)} missing in the reference, ${percent(now)} in the window; `;
  }
  if (column.type === 'embedding') return '';
  if (column.type === 'numeric') {
    const [before, now] = split((from, to) => {
      const sorted = column.values.slice(from, to).filter(Number.isFinite).sort();
      return sorted[sorted.length >> 1] ?? Number.NaN;
    });
    return `median ${figure(before)} in the reference, ${figure(now)} in the window; `;
  }
  const shares = split((from, to) => {
    const counts = new Float64Array(column.labels.length);
    for (const code of column.codes.subarray(from, to)) if (code >= 0) counts[code]! += 1 / (to - from);
    return counts;
  });
  const [before, now] = shares;
  let most = 0;
  for (let code = 1; code < before.length; code++)
    if (Math.abs(now[code]! - before[code]!) > Math.abs(now[most]! - before[most]!)) most = code;
  const label = column.labels[most] === otherLabel ? 'any other' : `"${column.labels[most]}"`;
  return `${label} ${percent(before[most]!)} of the rows in the reference, ${percent(now[most]!)} in the window; `;
}

/** Three digits that count. */
const figure = (value: number): string => String(Number(value.toPrecision(3)));
