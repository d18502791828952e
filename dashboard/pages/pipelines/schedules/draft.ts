import type { ScheduleDefinition } from '../../../../contracts/schedules.ts';

/** Ways to say when, as the form has them. */
export const ways = ['cron', 'every', 'calendars'] as const;
export type Way = (typeof ways)[number];

export const wayOf = (definition: ScheduleDefinition): Way =>
  definition.every !== undefined ? 'every' : definition.calendars ? 'calendars' : 'cron';

/** A new schedule of a pipeline: every day at six where the viewer is. */
export const newDraft = (pipeline: string, timeZone: string): ScheduleDefinition => ({
  ...{ id: pipeline === '' ? '' : `${pipeline}-daily`, pipeline, cron: '0 6 * * *', timeZone },
  ...{ overlap: 'skip', catchUpWindow: '1h', params: {} },
});
