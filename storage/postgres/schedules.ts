import type { ScheduleFault } from '../../contracts/schedules.ts';
import type { ScheduleHistory } from '../../domain/ports/schedules.ts';
import { type Connection, iso, json } from './client.ts';
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
    async addFault(scheduleId, { scheduledAt, error }) {
      await db.$executeRaw`
        insert into schedule_faults (schedule_id, scheduled_at, error)
        values (${scheduleId}, ${new Date(scheduledAt)}, ${json(error)}::jsonb) on conflict do nothing`;
    },
  };
}
