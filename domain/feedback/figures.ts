import type { FeedbackDay } from '../../contracts/feedback.ts';
import type { MetricPoint } from '../../contracts/metrics.ts';
import { pointOf } from '../monitoring/series/index.ts';
import type { FeedbackRepository } from '../ports/feedback.ts';
import type { MetricSeriesRepository } from '../ports/metric-series.ts';

const dayMs = 86_400_000;
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const after = (day: string): string => dayOf(Date.parse(day) + dayMs);

/**
 * Writes the figures of days that are over: of yesterday, and of earlier ones whose answers were corrected lately. `feedback.chrf` (0 to
 * 100), `feedback.edit_rate`, `feedback.untouched` and `feedback.rate` (shares), by pair (market) and version.
 */
export async function writeFeedbackFigures(
  { feedback, metricSeries }: { readonly feedback: FeedbackRepository; readonly metricSeries: MetricSeriesRepository },
  now: Date,
): Promise<void> {
  const today = dayOf(now.getTime());
  // Twice a day would do; two days make up for a time in which nothing ran.
  const late = await feedback.joinedDays(new Date(now.getTime() - 2 * dayMs));
  const days = new Set([dayOf(now.getTime() - dayMs), ...late].filter((day) => day < today));
  for (const day of days)
    await metricSeries.save((await feedback.days({ from: day, to: after(day) })).flatMap(pointsOf));
}

function pointsOf(figures: FeedbackDay): MetricPoint[] {
  const { day, pair, model, modelVersion, answers, corrected, chrf, editRate, untouched } = figures;
  const values = {
    'feedback.chrf': chrf,
    'feedback.edit_rate': editRate,
    'feedback.untouched': untouched,
    'feedback.rate': answers === 0 ? null : corrected / answers,
  };
  const at = `${after(day)}T00:00:00.000Z`;
  const window = { pipeline: 'translation', market: pair, at, model, modelVersion, runId: null };
  return Object.entries(values).flatMap(([name, value]) =>
    value === null ? [] : pointOf(window, { name, subject: `v${modelVersion}`, value }),
  );
}
