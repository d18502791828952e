import type { Overview } from '../../contracts/overview.ts';
import type { AnyPipeline } from '../dag/definition.ts';
import { knownSchedules } from '../deadlines/next-start.ts';
import { dayMs } from '../monitoring/days.ts';
import type { AlertFacts } from '../ports/alert-facts.ts';
import type { AlertRepository } from '../ports/alerts.ts';
import type { BackfillRepository } from '../ports/backfills.ts';
import type { DeadlineRepository } from '../ports/deadlines.ts';
import type { MetricSeriesRepository } from '../ports/metric-series.ts';
import type { OverviewFacts } from '../ports/overview-facts.ts';
import type { KpiRepository } from '../ports/results.ts';
import type { RolloutRepository } from '../ports/rollouts.ts';
import type { ScheduleRepository } from '../ports/schedules.ts';
import type { WorkerRegistry } from '../ports/workers.ts';
import { attention } from './attention.ts';
import { newestStanding, pipelineHealth } from './health.ts';
import { keyResults } from './results.ts';
import type { Reading } from './sentence.ts';

export { partitionMatrix } from './matrix.ts';

/** What failed or was missed longer ago is history. */
const recentDays = 7;
/** Key figures that are read of a pipeline, newest first: two months of some dozen. */
const mostKpis = 2_000;
const mostAlarms = 1_000;
const mostListed = 50;

export interface OverviewDeps {
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  readonly overviewFacts: OverviewFacts;
  readonly alertFacts: Pick<AlertFacts, 'failedRuns' | 'queue'>;
  readonly alerts: Pick<AlertRepository, 'open'>;
  readonly rollouts: Pick<RolloutRepository, 'list'>;
  readonly deadlines: Pick<DeadlineRepository, 'list' | 'recentDays'>;
  readonly backfills: Pick<BackfillRepository, 'list'>;
  readonly schedules: Pick<ScheduleRepository, 'list'>;
  readonly workers: Pick<WorkerRegistry, 'list'>;
  readonly kpis: Pick<KpiRepository, 'list'>;
  readonly metricSeries: Pick<MetricSeriesRepository, 'list'>;
}

/** Where everything stands now. What only the workflow server knows is left out while that is away. */
export async function buildOverview(deps: OverviewDeps, reading: Reading): Promise<Overview> {
  const { now } = reading;
  const { overviewFacts, alertFacts } = deps;
  const recently = new Date(now.getTime() - recentDays * dayMs);
  const pipelines = [...deps.pipelines.values()];
  const [facts, standings, schedules, deadlines, days, results, concerns] = await Promise.all([
    overviewFacts.pipelines(pipelines.map(({ id }) => id)),
    Promise.all(pipelines.map((pipeline) => newestStanding(overviewFacts, pipeline))),
    knownSchedules(deps.schedules),
    deps.deadlines.list(),
    deps.deadlines.recentDays(recently),
    Promise.all(pipelines.map((pipeline) => resultsOf(deps, pipeline))),
    Promise.all([
      deps.alerts.open(),
      alertFacts.failedRuns(recently),
      deps.rollouts.list({ status: 'paused' }, { limit: mostListed }),
      deps.rollouts.list({ status: 'queued' }, { limit: mostListed }),
      overviewFacts.waitingOverrides(),
      alertFacts.queue('dead-letters'),
      alertFacts.queue('failed-notifications'),
      overviewFacts.scheduleFaults(recently),
      deps.backfills.list({ status: 'failed' }, { limit: mostListed }),
      deps.workers.list(),
    ]),
  ]);
  const [alerts, failedRuns, paused, queued, overrides, deadLetters, givenUp, scheduleFaults, backfills, workers] =
    concerns;
  return {
    at: now.toISOString(),
    pipelines: pipelines.flatMap((pipeline, n) => {
      const own = facts[n];
      return own
        ? [pipelineHealth({ pipeline, facts: own, day: standings[n] ?? null, schedules, deadlines, days, reading })]
        : [];
    }),
    attention: attention({
      ...{ failedRuns, overrides, deadLetters, givenUp, schedules, scheduleFaults, workers, deadlines, now },
      alerts: alerts.map(({ alert }) => alert),
      missed: days.filter(({ status }) => status === 'missed'),
      rollouts: [...paused.rollouts, ...queued.rollouts],
      backfills: backfills.backfills.filter(
        ({ finishedAt }) => finishedAt !== null && finishedAt > recently.toISOString(),
      ),
      titles: new Map(pipelines.map(({ id, title }) => [id, title])),
    }),
    results: results.flat(),
  };
}

async function resultsOf({ kpis, metricSeries }: OverviewDeps, pipeline: AnyPipeline) {
  const [figures, alarms] = await Promise.all([
    kpis.list({ pipeline: pipeline.id, market: '', limit: mostKpis }),
    metricSeries.list({ pipeline: pipeline.id, market: '', name: 'kpi.*', alarm: 'any', limit: mostAlarms }),
  ]);
  return keyResults(pipeline, figures, alarms);
}
