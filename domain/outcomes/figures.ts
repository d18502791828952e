import { dayAfter, dayMs } from '../monitoring/days.ts';
import { pointOf } from '../monitoring/series/index.ts';
import type { MetricSeriesRepository } from '../ports/metric-series.ts';
import type { OutcomeRepository } from '../ports/outcomes.ts';
import { outcomeQuality } from './quality.ts';

/**
 * Joins outcomes whose offers are known by now, and writes the figures of the days of offers whose outcomes were joined lately, by market and
 * version of `offers-response`: `outcome.conversion`, `outcome.predicted`, `outcome.brier`.
 */
export async function writeOutcomeFigures(
  { outcomes, metricSeries }: { readonly outcomes: OutcomeRepository; readonly metricSeries: MetricSeriesRepository },
  now: Date,
): Promise<void> {
  await outcomes.join(now);
  // Two days make up for a time in which nothing ran.
  for (const day of await outcomes.joinedDays(new Date(now.getTime() - 2 * dayMs))) {
    const to = dayAfter(day);
    const end = new Date(to).toISOString();
    const quality = await outcomeQuality(outcomes, { from: day, to });
    const points = quality.flatMap(({ market, modelVersion, conversion, predicted, brier }) =>
      Object.entries({ conversion, predicted, brier }).flatMap(([name, value]) => {
        const window = { pipeline: 'offers', market, at: end, model: 'offers-response', modelVersion, runId: null };
        const subject = `v${modelVersion}`;
        return value === null ? [] : pointOf(window, { name: `outcome.${name}`, subject, value });
      }),
    );
    await metricSeries.save(points);
  }
}
