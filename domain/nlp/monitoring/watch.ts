import { dayMs } from '../../monitoring/days.ts';
import { detectDrift, neededUnits } from '../../monitoring/drift/index.ts';
import { countUnits, profileOf } from '../../monitoring/reference/index.ts';
import { countDrift, driftEvent, driftPoints, isMeasured } from '../../monitoring/series/index.ts';
import type { PredictionLog } from '../../ports/feedback.ts';
import type { MetricSeriesRepository } from '../../ports/metric-series.ts';
import type { ModelRepository } from '../../ports/models.ts';
import { pairOfName } from '../translator/model.ts';
import { answersFrame } from './answers-frame.ts';

export interface TranslationWatchDeps {
  readonly models: Pick<ModelRepository, 'list'>;
  readonly predictionLog: Pick<PredictionLog, 'sample' | 'firstAnswer'>;
  readonly metricSeries: Pick<MetricSeriesRepository, 'list' | 'save'>;
}

const pipeline = 'translation';
/** Days that a version's beginnings last, that are compared with them, and answers of each. */
const [referenceDays, windowDays, perDay] = [28, 7, 100] as const;
/** Chance of an alarm of a pair and week in which nothing changes; so many days of reference it takes. */
const level = 0.05;
const neededDays = neededUnits(level);
/** Days with answers that a window needs to stand for a week. */
const fewestDays = 3;

/**
 * Compares the answers of the last week (to the end of yesterday, UTC) of each pair's champion with those of its first four
 * weeks: what people ask it, and what it says. Done once a day; figures and the event `drift.detected` are as of other pipelines.
 */
export async function watchTranslation(deps: TranslationWatchDeps, now: Date, signal?: AbortSignal): Promise<void> {
  const to = new Date(Math.floor(now.getTime() / dayMs) * dayMs);
  for (const { model, version, aliases } of await deps.models.list())
    if (aliases.includes('champion') && pairOfName(model)) await watchVersion(deps, { model, version, to, signal });
}

interface Watched {
  readonly model: string;
  readonly version: number;
  /** End of the window. */
  readonly to: Date;
  readonly signal: AbortSignal | undefined;
}

async function watchVersion(
  { predictionLog, metricSeries }: TranslationWatchDeps,
  { model, version, to, signal }: Watched,
): Promise<void> {
  const pair = pairOfName(model);
  if (!pair) return;
  const market = `${pair.source}-${pair.target}`;
  const at = to.toISOString();
  if (await isMeasured(metricSeries, { pipeline, market, model, at })) return;
  const first = await predictionLog.firstAnswer(model, version);
  if (first === null) return;
  const begins = Math.floor(first.getTime() / dayMs) * dayMs;
  const ends = begins + referenceDays * dayMs;
  const from = to.getTime() - windowDays * dayMs;
  if (from < ends) return;
  const sample = (start: number, end: number) =>
    predictionLog.sample({ model, modelVersion: version, from: new Date(start), to: new Date(end), perDay });
  const [before, after] = [await sample(begins, ends), await sample(from, to.getTime())];
  if (before.length === 0 || after.length === 0) return;
  const [reference, window] = [answersFrame(before), answersFrame(after)];
  if (countUnits(reference) < neededDays || countUnits(window) < fewestDays) return;
  const profile = profileOf(reference, { sampleRows: reference.rows });
  const report = await detectDrift(profile, window, { level, ...(signal && { signal }) });
  const reports = [{ prefix: '', report }];
  const points = driftPoints({ pipeline, market, at, model, modelVersion: version, runId: null }, reports);
  const event = driftEvent({ pipeline, model, version, ...countDrift(reports) }, model, at);
  await metricSeries.save(points, report.alarm ? [event] : []);
}
