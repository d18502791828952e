import { Type } from 'typebox';
import type { ScheduleDefinition } from '../../contracts/schedules.ts';
import { type AnyPipeline, definePipeline } from '../../domain/dag/index.ts';
import { type CheckedSchedule, checkSchedule } from '../../domain/schedules/check.ts';

/** A pipeline with partitions and a step that does nothing. */
export const daily: AnyPipeline = definePipeline({
  id: 'daily',
  title: 'Daily',
  description: 'For tests.',
  params: Type.Object({
    day: Type.String({ default: '' }),
    market: Type.String({ default: '' }),
    n: Type.Integer({ default: 1 }),
  }),
  partition: { date: 'day', key: 'market' },
  steps: { work: { resources: { class: 'light' }, run: () => null } },
});

export const dailyOnly: ReadonlyMap<string, AnyPipeline> = new Map([[daily.id, daily]]);

/** A schedule of {@link daily}, checked. */
export function scheduleOf(given: Partial<ScheduleDefinition>): CheckedSchedule {
  return checkSchedule({ id: 'test', pipeline: 'daily', ...given }, dailyOnly);
}
