import type { MetricAlarm, MetricPoint } from '../../contracts/metrics.ts';
import { iso } from './client.ts';

/** A row of `metric_points`. */
export interface PointRow {
  readonly pipeline: string;
  readonly name: string;
  readonly subject: string;
  readonly market: string;
  readonly at: Date;
  readonly value: number;
  readonly threshold: number | null;
  readonly alarm: boolean;
  readonly severity: MetricAlarm | null;
  readonly text: string | null;
  readonly model: string | null;
  readonly model_version: number | null;
  readonly run_id: string | null;
}

export function toPoint(row: PointRow): MetricPoint {
  const { pipeline, market, name, subject, value, threshold, text, model } = row;
  return {
    ...{ pipeline, market, name, subject, value, threshold, text, model },
    at: iso(row.at),
    // Points of before there were kinds of alarms.
    alarm: row.alarm ? (row.severity ?? 'warning') : null,
    modelVersion: row.model_version,
    runId: row.run_id,
  };
}
