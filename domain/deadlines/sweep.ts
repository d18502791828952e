import type { DeadlineRecord } from '../../contracts/deadlines.ts';
import type { AnyPipeline } from '../dag/definition.ts';
import type { DeadlineRepository, DeadlineRun, StoredDay } from '../ports/deadlines.ts';
import type { ScheduleRepository } from '../ports/schedules.ts';
import { type DueDay, dueDays, partitionDate } from './days.ts';
import { type Finding, judge } from './judge.ts';
import { createStarts, type Starts } from './next-start.ts';
import { outlook, type Usual, usualOf } from './outlook.ts';
import { localClock } from './words.ts';

const dayMs = 86_400_000;
/** Days that were due so long ago are made up for when nothing ran meanwhile. */
const catchUpMs = 2 * dayMs;
/** For so long a run that ends late is waited for. */
const lateMs = 7 * dayMs;
/** Runs that say how long it usually takes. */
const pastRuns = 30;

export interface SweepDeps {
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  readonly deadlines: DeadlineRepository;
  readonly schedules: Pick<ScheduleRepository, 'list'>;
}

/**
 * Looks at every deadline and writes down how its days stand, each change with its event in one transaction. Any number
 * may do so at a time and be stopped at any moment: each event comes once. A fault of one deadline does not keep the
 * others from being looked at; it is thrown at the end.
 *
 * @returns how many events were raised.
 */
export async function sweepDeadlines(deps: SweepDeps, now: Date): Promise<number> {
  const { deadlines, pipelines } = deps;
  const at = now.getTime();
  const [all, days] = await Promise.all([deadlines.list(), deadlines.recentDays(new Date(at - lateMs))]);
  const stored = new Map<string, StoredDay[]>();
  for (const day of days) stored.set(day.deadline, [...(stored.get(day.deadline) ?? []), day]);
  const starts = createStarts(deps, at);
  const faults: unknown[] = [];
  let raised = 0;
  for (const deadline of all) {
    const pipeline = pipelines.get(deadline.pipeline);
    // Made by API for a pipeline that other code has: that code's process looks at it.
    if (!pipeline) continue;
    try {
      raised += await sweepDeadline(deps, starts, pipeline, deadline, stored.get(deadline.id) ?? [], at);
    } catch (fault) {
      faults.push(fault);
    }
  }
  if (faults.length > 1) throw new AggregateError(faults, `${faults.length} deadlines could not be looked at`);
  if (faults.length === 1) throw faults[0];
  return raised;
}

async function sweepDeadline(
  { deadlines }: SweepDeps,
  starts: Starts,
  pipeline: AnyPipeline,
  deadline: DeadlineRecord,
  stored: readonly StoredDay[],
  now: number,
): Promise<number> {
  const { definition, since } = deadline;
  const byDay = !pipeline.partition;
  const known = new Map(stored.map((day) => [day.day, day]));
  const earliest = Math.min(now - catchUpMs, ...stored.map(({ dueAt }) => Date.parse(dueAt) - 1));
  const watched = dueDays(definition, Math.max(earliest, Date.parse(since)), now, { byDay }).filter(
    ({ day, dueAt }) => {
      const before = known.get(day);
      // A day that was due before the deadline was replaced is not due again.
      return before ? Date.parse(before.dueAt) === dueAt : dueAt > now - catchUpMs;
    },
  );
  let raised = 0;
  for (const due of watched) {
    const before = known.get(due.day) ?? null;
    if (before?.status === 'met') continue;
    const clock = localClock(definition.zone, due.day);
    const finding = await look(deadlines, starts, pipeline, deadline, due, now, clock);
    const judgement = judge(deadline, before, due, finding, now, clock);
    if (!judgement) continue;
    const based = { version: before?.version ?? 0, since };
    if (await deadlines.advance(judgement.day, based, judgement.events)) raised += judgement.events.length;
  }
  return raised;
}

async function look(
  deadlines: DeadlineRepository,
  starts: Starts,
  pipeline: AnyPipeline,
  { definition }: DeadlineRecord,
  due: DueDay,
  now: number,
  clock: (at: number) => string,
): Promise<Finding> {
  const key = definition.key ?? null;
  const date = partitionDate(definition, due.day);
  const { succeeded, active, ended } = await deadlines.runsOf(
    pipeline.id,
    pipeline.partition ? { date, key } : { from: due.from, to: due.to },
  );
  if (isDone(succeeded)) return { done: succeeded };
  const isOpen = now < due.dueAt;
  const next = active || !isOpen ? null : await starts.next(pipeline, due, { date, key });
  const usualKey = active?.key ?? next?.key ?? key;
  const usual = active || isOpen ? await usualTime(deadlines, pipeline.id, usualKey) : null;
  return { outlook: outlook({ now, due, active, ended, usual, next }, clock) };
}

/** Of the key, or of runs of whole days where the key has no past of its own. */
async function usualTime(deadlines: DeadlineRepository, pipeline: string, key: string | null): Promise<Usual | null> {
  const own = usualOf(await deadlines.durations(pipeline, key, pastRuns));
  return own || key === null || key === '' ? own : usualOf(await deadlines.durations(pipeline, '', pastRuns));
}

function isDone(run: DeadlineRun | null): run is DeadlineRun & { readonly finishedAt: number } {
  return run !== null && run.finishedAt !== null;
}
