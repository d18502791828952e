import type { DeadlineDay, DeadlineRecord } from '../../contracts/deadlines.ts';
import type { DayStanding, PipelineHealth, PipelineState } from '../../contracts/overview.ts';
import type { ScheduleRecord } from '../../contracts/schedules.ts';
import type { AnyPipeline } from '../dag/definition.ts';
import { dateOf, dayMs, dayNumber } from '../monitoring/days.ts';
import type { OverviewFacts, PipelineFacts } from '../ports/overview-facts.ts';
import { wholeRuns } from './matrix.ts';
import { type Reading, sentenceOf } from './sentence.ts';
import { dayCells, dayStanding, keysOf } from './standing.ts';

/** A key that no day of these had is not expected any more. */
const keyDays = 7;

/** The newest day of a pipeline by key; null when it has no partitions, or its runs name none. */
export async function newestStanding(
  facts: Pick<OverviewFacts, 'newestDay' | 'cells' | 'parts'>,
  pipeline: AnyPipeline,
): Promise<DayStanding | null> {
  const date = pipeline.partition ? await facts.newestDay(pipeline.id) : null;
  if (date === null) return null;
  const cells = await facts.cells(pipeline.id, dateOf(dayNumber(date) - keyDays), date);
  const parts = await facts.parts(wholeRuns(cells));
  const keys = keysOf(cells, parts);
  const day = dayCells(cells, parts, keys).get(date);
  return day ? dayStanding(date, day, keys) : null;
}

export interface HealthGiven {
  readonly pipeline: AnyPipeline;
  readonly facts: PipelineFacts;
  readonly day: DayStanding | null;
  readonly schedules: readonly ScheduleRecord[];
  readonly deadlines: readonly DeadlineRecord[];
  readonly days: readonly DeadlineDay[];
  readonly reading: Reading;
}

/** How a pipeline stands. */
export function pipelineHealth({
  pipeline,
  facts,
  day,
  schedules,
  deadlines,
  days,
  reading,
}: HealthGiven): PipelineHealth {
  const own = new Set(deadlines.filter((one) => one.pipeline === pipeline.id).map(({ id }) => id));
  const atRisk = days.flatMap(({ deadline, day: of, status, dueAt, expectedAt, reason, runId }) =>
    own.has(deadline) &&
    (status === 'missed' || status === 'expected-late') &&
    Date.parse(dueAt) > reading.now.getTime() - dayMs
      ? [{ deadline, day: of, status, dueAt, expectedAt, reason, runId }]
      : [],
  );
  const [state, since] = stateOf(facts, day, atRisk);
  const { recent, lastSuccess, running, queued, paused, failures, typicalSeconds } = facts;
  const [nextStart] = schedules
    .filter((schedule) => schedule.pipeline === pipeline.id && !schedule.paused)
    .flatMap(({ id, next }) => (next[0] === undefined ? [] : [{ schedule: id, at: next[0] }]))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  const { title } = pipeline;
  const keyName = pipeline.partition?.key ?? 'part';
  return {
    pipeline: pipeline.id,
    title,
    state,
    since,
    sentence: sentenceOf({ title, state, since, day, keyName, failures, late: atRisk[0] ?? null }, reading),
    lastRun: recent[0] ?? null,
    ...{ lastSuccess, running, queued, paused, failures, recent, typicalSeconds },
    nextStart: nextStart ?? null,
    deadlines: atRisk,
    day,
  };
}

type AtRisk = PipelineHealth['deadlines'][number];

function stateOf(
  { recent, lastSuccess, failures, failingSince, running, paused, queued, ...since }: PipelineFacts,
  day: DayStanding | null,
  [late]: readonly AtRisk[],
): readonly [PipelineState, string | null] {
  const [last] = recent;
  if (!last) return ['never-run', null];
  const isUnderWay = running + queued > 0;
  // A retry or a run that came after it may still do the work.
  if (failures > 0 && !isUnderWay && (last.status === 'failed' || late)) return ['failed', failingSince];
  if (late) return ['late', late.status === 'missed' ? late.dueAt : (since.runningSince ?? late.dueAt)];
  if (running > 0) return ['running', since.runningSince];
  if (paused > 0) return ['paused', since.pausedSince];
  const failed = day?.open.find(({ standing }) => standing === 'failed');
  if (failed) return ['failed', failed.since];
  if (queued > 0) return ['waiting', since.queuedSince];
  const waiting = day?.open.find(({ standing }) => standing === 'waiting');
  if (waiting) return ['waiting', waiting.since];
  return ['ok', lastSuccess?.finishedAt ?? last.finishedAt];
}
