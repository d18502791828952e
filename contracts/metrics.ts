/** What stands before the first dot of a name: `drift` of `drift.ks`. */
export function familyOf(name: string): string {
  return name.split('.', 1)[0] as string;
}

export const metricAlarms = ['warning', 'error'] as const;
export type MetricAlarm = (typeof metricAlarms)[number];

/** A figure of a pipeline at a time: drift of a column, a data quality finding's figure, an estimated accuracy, a KPI, a duration. */
export interface MetricPoint {
  readonly pipeline: string;
  /** Market, or '' for all. */
  readonly market: string;
  /** What is measured, such as `drift.ks` or `run.seconds`. */
  readonly name: string;
  /** What it is of, such as a column or a step; '' for the whole. */
  readonly subject: string;
  /** End of the window it describes; ISO 8601. */
  readonly at: string;
  readonly value: number;
  /** Beyond which the value counts as unusual; null where there is none. */
  readonly threshold: number | null;
  /** `error`: what it describes must not be used as it is. `warning`: someone should look. null: nothing is wrong. */
  readonly alarm: MetricAlarm | null;
  /** What it tells, in a sentence; null where the value says it all. */
  readonly text: string | null;
  /** Of the model it is about; null when it is about none. */
  readonly model: string | null;
  readonly modelVersion: number | null;
  readonly runId: string | null;
}
