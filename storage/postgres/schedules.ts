import { eventTypes, type ScheduleFailedData } from '../../contracts/events.ts';
import type { ScheduleFault } from '../../contracts/schedules.ts';
import type { ScheduleHistory } from '../../domain/ports/schedules.ts';
import { type Connection, iso, json } from './client.ts';
import { eventChannel } from './event-rows.ts';
import { toRun } from './run-rows.ts';

export function scheduleHistory({ prisma: db }: Connection): ScheduleHistory {
  return {
    async runs(pipeline, scheduleId, limit) {
      const rows = await db.run.findMany({
        where: { pipeline, trigger: { equals: { kind: 'schedule', by: scheduleId } } },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: limit,
      });
      return rows.map(toRun);
    },
    async faults(scheduleId, limit) {
      const rows = await db.scheduleFault.findMany({
        where: { scheduleId },
        orderBy: { scheduledAt: 'desc' },
        take: limit,
      });
      return rows.map(({ scheduledAt, error }) => ({
        scheduledAt: iso(scheduledAt),
        error: error as unknown as ScheduleFault['error'],
      }));
    },
    async addFault({ id, pipeline }, { scheduledAt, error }) {
      const data: ScheduleFailedData = { schedule: id, pipeline, scheduledAt, error };
      await db.$queryRaw`
        with fault as (
          insert into schedule_faults (schedule_id, scheduled_at, error)
          values (${id}, ${new Date(scheduledAt)}, ${json(error)}::jsonb) on conflict do nothing returning 1
        ), told as (
          insert into events (source, id, type, subject, time, datacontenttype, data)
          select ${`/schedules/${id}`}, ${scheduledAt}, ${eventTypes.scheduleFailed}, ${scheduledAt}, now(), 'application/json',
            ${json(data)}::jsonb from fault
          on conflict (source, id) do nothing returning 1
        )
        select pg_notify(${eventChannel}, '')::text from told`;
    },
  };
}
