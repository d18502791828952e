import type { FeedbackDay } from '../../contracts/feedback.ts';
import type { MetricPoint } from '../../contracts/metrics.ts';
import { dateOf, dayAfter, dayMs, dayNumber } from '../monitoring/days.ts';
import { pointOf } from '../monitoring/series/index.ts';
import type { FeedbackRepository } from '../ports/feedback.ts';
import type { MetricSeriesRepository } from '../ports/metric-series.ts';

/**
 * Writes the figures of days that are over: of yesterday, and of earlier ones whose answers were corrected lately. `feedback.chrf` (0 to
 * 100), `feedback.edit_rate`, `feedback.untouched` and `feedback.rate` (shares), by pair (market) and version.
 */
export async function writeFeedbackFigures(
  { feedback, metricSeries }: { readonly feedback: FeedbackRepository; readonly metricSeries: MetricSeriesRepository },
  now: Date,
): Promise<void> {
  const today = dayNumber(now.toISOString());
  // Twice a day would do; two days make up for a time in which nothing ran.
  const late = await feedback.joinedDays(new Date(now.getTime() - 2 * dayMs));
  const days = new Set([dateOf(today - 1), ...late.filter((day) => day < dateOf(today))]);
  for (const day of days)
    await metricSeries.save((await feedback.days({ from: day, to: dayAfter(day) })).flatMap(pointsOf));
}

function pointsOf(figures: FeedbackDay): MetricPoint[] {
  const { day, pair, model, modelVersion, answers, corrected, chrf, editRate, untouched } = figures;
  const values = {
    'feedback.chrf': chrf,
    'feedback.edit_rate': editRate,
    'feedback.untouched': untouched,
    'feedback.rate': answers === 0 ? null : corrected / answers,
  };
  const at = `${dayAfter(day)}T00:00:00.000Z`;
  const window = { pipeline: 'translation', market: pair, at, model, modelVersion, runId: null };
  return Object.entries(values).flatMap(([name, value]) =>
    value === null ? [] : pointOf(window, { name, subject: `v${modelVersion}`, value }),
  );
}
