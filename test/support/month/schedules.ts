import type { ScheduleRepository } from '../../../domain/ports/schedules.ts';
import { createScheduleService } from '../../../domain/schedules/index.ts';
import { pipelines } from '../../../pipelines/index.ts';
import type { Database } from '../../../storage/postgres/index.ts';

/** The schedules that the runs of the month name; one is paused, and one start of the other made no run. */
export async function seedSchedules(database: Database, schedules: ScheduleRepository, now: Date): Promise<void> {
  const { scheduleHistory } = database;
  const service = createScheduleService({ pipelines, schedules, scheduleHistory, clock: { now: () => now } });
  await service.create({
    ...{ id: 'offers-daily', pipeline: 'offers', cron: '0 5 * * *', timeZone: 'Europe/Berlin', catchUpWindow: '6h' },
    ...{ params: { asOf: '{{ date }}' }, jitter: '2m' },
  });
  await service.create({
    ...{ id: 'translation-weekly', pipeline: 'translation', cron: '30 2 * * 0', timeZone: 'Europe/Berlin' },
    params: { pair: 'en-de', general: '/data/general', memories: ['catalogue'], glossaries: ['retail'] },
  });
  await service.pause('translation-weekly', 'the GPU is being replaced');
  await scheduleHistory.addFault(
    { id: 'offers-daily', pipeline: 'offers' },
    {
      scheduledAt: new Date(now.getTime() - 12 * 86_400_000).toISOString(),
      error: {
        code: 'PARAMETER_INVALID',
        message: 'asOf "{{ dat }}" cannot be evaluated: there is no "dat".',
        remedy: 'Write {{ date }}.',
      },
    },
  );
}
