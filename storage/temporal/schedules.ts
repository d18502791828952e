import { setTimeout as delay } from 'node:timers/promises';
import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  type ScheduleHandle,
  ScheduleNotFoundError,
} from '@temporalio/client';
import { PerennialError } from '../../contracts/errors.ts';
import { taskQueues, workflowTypes } from '../../contracts/names.ts';
import type { ScheduleDefinition } from '../../contracts/schedules.ts';
import type { ScheduledRunInput } from '../../contracts/scheduling.ts';
import type { NewSchedule, ScheduleRepository, StoredSchedule } from '../../domain/ports/schedules.ts';
import { guarded } from './errors.ts';
import { overlapOf, specOf } from './schedule-spec.ts';

/** Schedules asked for at a time. */
const atATime = 20;

/** Temporal Schedules that start the workflow `scheduledRun`; its argument is the schedule's record. */
export function scheduleRepository(client: Client): ScheduleRepository {
  /** Undefined when there is no such schedule. */
  const describe = async (id: string): Promise<ScheduleDescription | undefined> => {
    try {
      return await client.schedule.getHandle(id).describe();
    } catch (error) {
      if (error instanceof ScheduleNotFoundError) return undefined;
      throw error;
    }
  };
  const change = (id: string, work: (handle: ScheduleHandle) => Promise<void>): Promise<void> =>
    guarded(async () => {
      try {
        await work(client.schedule.getHandle(id));
      } catch (error) {
        if (!(error instanceof ScheduleNotFoundError)) throw error;
        throw new PerennialError('NOT_FOUND', `There is no schedule "${id}".`, {
          remedy: 'GET /v1/schedules lists them.',
        });
      }
    });
  return {
    list: () =>
      guarded(async () => {
        const ids: string[] = [];
        for await (const { scheduleId, action } of client.schedule.list())
          if (action?.workflowType === workflowTypes.scheduledRun) ids.push(scheduleId);
        ids.sort();
        const found: StoredSchedule[] = [];
        for (let i = 0; i < ids.length; i += atATime) {
          const some = await Promise.all(ids.slice(i, i + atATime).map(describe));
          found.push(...some.flatMap((description) => (description ? [toSchedule(description)] : [])));
        }
        return found;
      }),
    get: (id) =>
      guarded(async () => {
        const description = await describe(id);
        return description?.action.workflowType === workflowTypes.scheduledRun ? toSchedule(description) : null;
      }),
    create: (schedule) =>
      guarded(async () => {
        const { id, paused, note } = schedule.input.definition;
        try {
          await client.schedule.create({
            scheduleId: id,
            ...optionsOf(schedule),
            state: { paused: paused ?? false, note: note ?? '' },
          });
        } catch (error) {
          if (!(error instanceof ScheduleAlreadyRunning)) throw refusedBy(error, schedule.input.definition);
          throw new PerennialError('CONFLICT', `There is a schedule "${id}" already.`, {
            remedy: 'Replace it with PUT, or choose another id.',
          });
        }
      }),
    replace: (schedule, paused) =>
      change(schedule.input.definition.id, async (handle) => {
        try {
          await handle.update(({ state }) => ({
            ...optionsOf(schedule),
            state: {
              paused: paused ?? state.paused,
              note: (paused === undefined ? state.note : schedule.input.definition.note) ?? '',
            },
          }));
        } catch (error) {
          throw refusedBy(error, schedule.input.definition);
        }
      }),
    remove: (id) =>
      guarded(async () => {
        try {
          await client.schedule.getHandle(id).delete();
          return true;
        } catch (error) {
          if (error instanceof ScheduleNotFoundError) return false;
          throw error;
        }
      }),
    pause: (id, note) => change(id, (handle) => handle.pause(note)),
    resume: (id, note) => change(id, (handle) => handle.unpause(note)),
    trigger: (id, overlap) =>
      change(id, async (handle) => {
        // The server names a start by its second, and would take a second one of the same second for the first.
        const { info } = await handle.describe();
        const last = info.recentActions.at(-1)?.scheduledAt.getTime() ?? 0;
        // The clocks of both may differ, so it is never waited for longer than that second.
        const wait = Math.floor(last / 1_000) * 1_000 + 1_000 - Date.now();
        await delay(Math.min(Math.max(0, wait), 1_000));
        await handle.trigger(overlapOf(overlap));
      }),
  };
}

/** The server has time zone data of its own, and tells capitals apart: a zone that Node knows may be none there. */
function refusedBy(error: unknown, { id, timeZone }: ScheduleDefinition): unknown {
  // The client makes this of the server's INVALID_ARGUMENT.
  if (!(error instanceof TypeError && /time ?zone/i.test(error.message))) return error;
  return new PerennialError('VALIDATION_FAILED', `Schedule "${id}": timeZone "${timeZone}" is not known to Temporal.`, {
    fields: [{ field: 'timeZone', value: timeZone, message: `is not known to Temporal: ${error.message}` }],
    remedy: 'Write it in the capitals of the IANA list, such as Asia/Kolkata, or use an older name of the zone.',
    cause: error,
  });
}

function optionsOf({ input, timing, jitterMs, catchUpMs }: NewSchedule) {
  const { definition } = input;
  return {
    spec: specOf(timing, definition, jitterMs),
    policies: { overlap: overlapOf(definition.overlap ?? 'skip'), catchupWindow: catchUpMs },
    action: {
      type: 'startWorkflow' as const,
      workflowType: workflowTypes.scheduledRun,
      // The server adds the nominal time.
      workflowId: `schedule-${definition.id}`,
      taskQueue: taskQueues.control,
      args: [input] as [ScheduledRunInput],
    },
  };
}

function toSchedule({ action, state, info }: ScheduleDescription): StoredSchedule {
  const { definition, origin, hash, exactUntil, zoneRules } = (action.args as unknown as [ScheduledRunInput])[0];
  return {
    id: definition.id,
    pipeline: definition.pipeline,
    definition,
    origin,
    hash,
    exactUntil,
    zoneRules: zoneRules ?? null,
    paused: state.paused,
    note: state.note ?? '',
    next: info.nextActionTimes.slice(0, 10).map((time) => time.toISOString()),
    counts: {
      started: info.numActionsTaken,
      skipped: info.numActionsSkippedOverlap,
      missed: info.numActionsMissedCatchupWindow,
    },
    createdAt: info.createdAt.toISOString(),
    updatedAt: info.lastUpdatedAt?.toISOString() ?? null,
  };
}
