import type { DeadlineDay } from '../../../contracts/deadlines.ts';
import { checkDeadline } from '../../../domain/deadlines/check.ts';
import { pipelines } from '../../../pipelines/index.ts';
import { runIds } from './runs.ts';
import { ago, day, type Month } from './world.ts';

/** A deadline that was met on most days, and has just been missed. */
export async function seedDeadlines(month: Month): Promise<void> {
  const { database, days } = month;
  const since = ago(month, 30 * day);
  // Its days are those of the month: in UTC.
  const checked = checkDeadline({ id: 'offers-by-morning', pipeline: 'offers', by: '06:00', zone: 'UTC' }, pipelines);
  await database.deadlines.create({ ...checked, origin: 'api' }, since);
  for (const [n, date] of days.entries()) {
    const age = days.length - 1 - n;
    const dueAt = age === 0 ? ago(month, 20) : ago(month, age * day + 20);
    const isMissed = age === 9 || age === 0;
    const end = (minutes: number): string => new Date(dueAt.getTime() + minutes * 60_000).toISOString();
    const entry: DeadlineDay = {
      ...{ deadline: 'offers-by-morning', day: date, dueAt: dueAt.toISOString(), runId: runIds.ofDay(date) },
      status: age === 0 ? 'missed' : 'met',
      expectedAt: end(age === 9 ? 175 : age === 0 ? 40 : -15),
      reason:
        age === 0 ? 'its run has been under way for 55 min and will probably take 20 min more' : 'its run succeeded',
      warnedAt: isMissed ? end(-20) : null,
      missedAt: isMissed ? end(0) : null,
      metAt: age === 0 ? null : end(age === 9 ? 175 : -15),
      lateSeconds: age === 0 ? null : age === 9 ? 10_500 : 0,
      updatedAt: age === 0 ? month.now.toISOString() : end(180),
    };
    await database.deadlines.advance(entry, { version: 0, since: since.toISOString() }, []);
  }
}
