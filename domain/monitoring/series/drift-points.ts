import type { MetricPoint } from '../../../contracts/metrics.ts';
import type { DriftReport } from '../drift/index.ts';
import { families, type MonitoredWindow, pointOf } from './window.ts';

/** Columns that were compared, and those of them that have drifted: what retraining policies read. */
export const driftCounts = { columns: `${families.drift}.columns`, drifted: `${families.drift}.drifted` } as const;

/** What a window was compared in: what went in, what came out. */
export interface NamedReport {
  /** Stands before the names of its columns, such as `prediction.`; '' for what went in. */
  readonly prefix: string;
  readonly report: DriftReport;
}

/**
 * The figures of a window's drift reports: each statistic of each column as `drift.<statistic>` with its threshold, the columns
 * compared and those drifted. The subject of all columns of a report together is its prefix and `together`.
 */
export function driftPoints(window: MonitoredWindow, reports: readonly NamedReport[]): MetricPoint[] {
  const points = reports.flatMap(({ prefix, report }) =>
    report.columns.flatMap(({ column, tests, text }) =>
      tests.map(({ statistic, value, threshold, alarm }) =>
        pointOf(window, {
          name: `${families.drift}.${statistic}`,
          subject: `${prefix}${column ?? 'together'}`,
          value,
          threshold,
          alarm: alarm ? 'warning' : null,
          text,
        }),
      ),
    ),
  );
  const { columns, drifted } = countDrift(reports);
  return [
    ...points,
    pointOf(window, { name: driftCounts.columns, value: columns }),
    pointOf(window, { name: driftCounts.drifted, value: drifted }),
  ];
}

/** Columns compared, and those that have drifted; all columns together count as none. */
export function countDrift(reports: readonly NamedReport[]): { columns: number; drifted: number } {
  const own = reports.flatMap(({ report }) => report.columns.filter(({ column }) => column !== null));
  return { columns: own.length, drifted: own.filter(({ alarm }) => alarm).length };
}
