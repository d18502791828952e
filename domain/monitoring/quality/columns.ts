import {
  type CategoryColumn,
  type CategorySummary,
  type Column,
  type ColumnSummary,
  countMissing,
  type NumericColumn,
  type NumericSummary,
} from '../reference/index.ts';
import { count } from '../words.ts';
import { figure, percent, type QualityFinding } from './finding.ts';
import { tailBound } from './tail.ts';

/** What the checks of a column go by. */
export interface ColumnContext {
  readonly name: string;
  /** Rows of the reference and of the window. */
  readonly referenceRows: number;
  readonly rows: number;
  /** Units in the window, made up for their sizes, which are what is independent: counts of rows are scaled to them. */
  readonly units: number;
  /** Most chance of a finding where nothing has changed. */
  readonly level: number;
  /** Limits that a value must never leave. */
  readonly limits: { readonly min?: number; readonly max?: number } | undefined;
}

type Check<C extends Column = Column, S extends ColumnSummary = ColumnSummary> = (
  column: C,
  reference: S,
  context: ColumnContext,
) => QualityFinding[];

/** Whether so many rows are more than chance explains, if each has `share` of a chance. */
const unlikely = (rows: number, share: number, { rows: all, units, level }: ColumnContext): boolean =>
  tailBound((rows * units) / all, units, share) < level;

/** More missing values than in the reference: beyond chance, and by 1 % of the rows or more. */
export const checkMissing: Check = (column, { missing }, context) => {
  const absent = countMissing(column);
  const share = absent / context.rows;
  // The rule of succession: none in the reference does not mean that there never are any.
  const expected = (missing * context.referenceRows + 1) / (context.referenceRows + 2);
  if (share - missing < 0.01 || !unlikely(absent, expected, context)) return [];
  const text = `${context.name}: ${percent(share)} of the rows have no value, ${percent(missing)} in the training data.`;
  const severity = absent === context.rows ? 'error' : 'warning';
  return [{ check: 'missing', column: context.name, severity, observed: share, expected: missing, text }];
};

/**
 * Values outside their limits, and more values outside the least and greatest of the reference than chance explains: of n
 * values drawn alike, the next lies outside with a chance of 2 / (n + 1) (Wilks 1941).
 */
export const checkRange: Check<NumericColumn, NumericSummary> = ({ values }, { quantiles, missing }, context) => {
  const { name, limits } = context;
  const [least, greatest] = [limits?.min ?? Number.NEGATIVE_INFINITY, limits?.max ?? Number.POSITIVE_INFINITY];
  const found: QualityFinding[] = [];
  const beyond = (from: number, to: number) => {
    let rows = 0;
    for (const value of values) if (value < from || value > to) rows++;
    return rows;
  };
  const refused = beyond(least, greatest);
  if (refused > 0)
    found.push({
      check: 'range',
      column: name,
      severity: 'error',
      observed: refused / context.rows,
      expected: 0,
      text: `${name}: ${count(refused, 'value')} outside ${limits?.min ?? '−∞'} … ${limits?.max ?? '∞'}, such as ${figure(values.find((v) => v < least || v > greatest)!)}.`,
    });
  const [low, high] = [quantiles[0], quantiles.at(-1)];
  if (low === undefined || high === undefined) return found;
  // Float32 keeps seven digits: the ends of the reference lie where its own values do.
  const slack = 1e-6 * Math.max(Math.abs(low), Math.abs(high));
  const [from, to] = [low - slack, high + slack];
  const outside = beyond(from, to);
  const expected = 2 / ((1 - missing) * context.referenceRows + 1);
  if (refused === 0 && outside > 0 && unlikely(outside, expected, context))
    found.push({
      check: 'range',
      column: name,
      severity: 'warning',
      observed: outside / context.rows,
      expected,
      text: `${name}: ${percent(outside / context.rows)} of the rows lie outside ${figure(low)} … ${figure(high)}, as which all the training data do, such as ${figure(values.find((v) => v < from || v > to)!)}.`,
    });
  return found;
};

/** A number that has stopped to change. */
export const checkConstant: Check<NumericColumn, NumericSummary> = ({ values }, { quantiles }, context) => {
  const present = values.filter(Number.isFinite);
  const [first] = present;
  const [low, high] = [quantiles[2], quantiles[8]];
  const varied = low !== undefined && high !== undefined && low < high;
  if (first === undefined || context.units < 20 || !varied || present.some((value) => value !== first)) return [];
  return [
    {
      check: 'constant',
      column: context.name,
      severity: 'warning',
      observed: first,
      expected: null,
      text: `${context.name}: every value is ${figure(first)}; nine tenths of the training data lie between ${figure(low)} and ${figure(high)}.`,
    },
  ];
};

/**
 * More rows of categories that the reference has not than chance explains: the chance that the next row is of a new one is
 * about the share of rows whose category was seen once (Good 1953). Not told where the profile lists the most frequent only.
 */
export const checkCategories: Check<CategoryColumn, CategorySummary> = ({ codes, labels }, reference, context) => {
  if (reference.counts.length < reference.distinct) return [];
  const known = new Set(reference.counts.map(([label]) => label));
  const counts = new Int32Array(labels.length);
  for (const code of codes) if (code >= 0 && !known.has(labels[code]!)) counts[code]!++;
  const fresh = counts.reduce((sum, n) => sum + n, 0);
  const once = reference.counts.filter(([, n]) => n === 1).length;
  const expected = (once + 1) / (context.referenceRows + 2);
  if (fresh === 0 || !unlikely(fresh, expected, context)) return [];
  const most = Array.from(counts.keys())
    .filter((code) => counts[code]! > 0)
    .sort((a, b) => counts[b]! - counts[a]!);
  const shown = most.slice(0, 3).map((code) => `"${labels[code]}"`);
  return [
    {
      check: 'new-category',
      column: context.name,
      severity: 'warning',
      observed: fresh / context.rows,
      expected,
      text: `${context.name}: ${percent(fresh / context.rows)} of the rows are of ${count(most.length, 'category', 'categories')} that the training data have not, such as ${shown.join(', ')}.`,
    },
  ];
};
