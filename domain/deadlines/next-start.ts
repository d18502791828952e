import { PerennialError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { AnyPipeline } from '../dag/definition.ts';
import { validateParams } from '../dag/params.ts';
import { type Partition, partitionOf } from '../dag/partition.ts';
import type { ScheduleRepository, StoredSchedule } from '../ports/schedules.ts';
import { resolveParams, scheduleScope } from '../schedules/templates.ts';
import type { DueDay } from './days.ts';

/** A start by a schedule that would do the work of a day; `key` is its partition's. */
export interface NextStart {
  readonly at: number;
  readonly schedule: string;
  readonly key: string;
}

export interface Starts {
  /** The first start from now on that does the partition's work, or that of the day where there are no partitions. */
  next(
    pipeline: AnyPipeline,
    due: DueDay,
    wanted: { readonly date: string; readonly key: string | null },
  ): Promise<NextStart | null>;
}

/** Starts to come, by the schedules as they are now; those are read once, and only when somebody asks. */
export function createStarts(
  { schedules }: { readonly schedules: Pick<ScheduleRepository, 'list'> },
  now: number,
): Starts {
  let read: Promise<StoredSchedule[]> | undefined;
  return {
    async next(pipeline, due, { date, key }) {
      read ??= knownSchedules(schedules);
      const found = (await read)
        .filter((schedule) => schedule.pipeline === pipeline.id && !schedule.paused)
        .flatMap((schedule) =>
          schedule.next.map(Date.parse).flatMap((at): NextStart[] => {
            if (at < now) return [];
            if (!pipeline.partition)
              return at >= due.from && at < due.to ? [{ at, schedule: schedule.id, key: '' }] : [];
            const partition = partitionAt(pipeline, schedule, at);
            const fits = partition?.date === date && (key === null || [key, ''].includes(partition.key));
            return fits ? [{ at, schedule: schedule.id, key: partition.key }] : [];
          }),
        );
      return found.sort((a, b) => a.at - b.at)[0] ?? null;
    },
  };
}

/** The schedules there are. While the workflow server is away nothing is known of them, and who asks goes on without. */
export async function knownSchedules(schedules: Pick<ScheduleRepository, 'list'>): Promise<StoredSchedule[]> {
  try {
    return await schedules.list();
  } catch (error) {
    if (error instanceof PerennialError && error.code === 'UNAVAILABLE') return [];
    throw error;
  }
}

/** Null also for a start that can make no run. */
function partitionAt(pipeline: AnyPipeline, { id, definition }: StoredSchedule, at: number): Partition | null {
  try {
    const scope = scheduleScope(id, definition.timeZone ?? 'UTC', at);
    return partitionOf(
      pipeline,
      validateParams(pipeline, resolveParams((definition.params ?? {}) as JsonObject, scope)),
    );
  } catch (error) {
    if (error instanceof PerennialError) return null;
    throw error;
  }
}
