import type { MetricPoint } from '../../../contracts/metrics.ts';
import {
  estimatePerformance,
  type LabelledRows,
  measurePerformance,
} from '../../../domain/monitoring/estimate/index.ts';
import type { Frame } from '../../../domain/monitoring/reference/index.ts';
import { estimatePoints, type MonitoredWindow, performancePoints } from '../../../domain/monitoring/series/index.ts';
import { judgedRows } from '../realised.ts';
import type { Looking } from './compare.ts';

/** All that is listed is said to be bought: then precision is the share of the listed products that are. */
const listedIsYes = 0;

/** How lists did whose horizon is over, and what that lets expect of those of today. */
export async function performanceOfLists(
  { services, asOf, scratch }: Looking,
  lists: Frame | null,
  window: MonitoredWindow,
): Promise<MetricPoint[]> {
  const judged = await judgedRows(services, asOf, scratch);
  const points = judged
    ? performancePoints(
        // Which version made them, their day tells no more.
        { ...window, at: new Date(judged.until).toISOString(), model: null, modelVersion: null },
        judgedBy(measurePerformance(judged, listedIsYes)),
      )
    : [];
  const probability = lists?.columns['probability'];
  if (probability?.type !== 'numeric') return points;
  const reference = bothSides(judged);
  const { metrics, rows } = estimatePerformance(Float64Array.from(probability.values), {
    threshold: listedIsYes,
    ...(reference && { reference }),
  });
  return [...points, ...estimatePoints(window, { rows, metrics: judgedBy(metrics) })];
}

/** What a list that says yes to everything can be judged by. */
function judgedBy<T extends Record<'precision' | 'auc' | 'brier', unknown>>({ precision, auc, brier }: T) {
  return { precision, auc, brier } as Pick<T, 'precision' | 'auc' | 'brier'>;
}

/** Outcomes of one kind calibrate nothing. */
function bothSides(judged: LabelledRows | null): LabelledRows | null {
  return judged?.label.includes(1) && judged.label.includes(0) ? judged : null;
}
