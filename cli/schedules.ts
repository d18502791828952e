import type { ScheduleDefinition, ScheduleFault, ScheduleRecord } from '../contracts/schedules.ts';
import { type RunBrief, took } from './runs.ts';
import { localTime, table, time } from './terminal.ts';

/** A schedule as `GET /v1/schedules/:id` shows it. */
export interface ScheduleShown extends ScheduleRecord {
  readonly recent: readonly RunBrief[];
  readonly running: readonly string[];
  readonly faults: readonly ScheduleFault[];
}

/** When a schedule fires, short. */
export function whenText({ cron, every, offset, calendars }: ScheduleDefinition): string {
  if (cron !== undefined) return [cron].flat().join(' and ');
  if (every !== undefined) return `every ${every}${offset === undefined ? '' : ` + ${offset}`}`;
  return (calendars ?? []).map((calendar) => JSON.stringify(calendar)).join(' and ');
}

/** Starts, one a line: in UTC, and as the clock of the schedule's zone shows them. */
export function startsText({ timeZone = 'UTC' }: ScheduleDefinition, starts: readonly string[]): string[] {
  if (starts.length === 0) return ['  none'];
  return starts.map((at) => `  ${time(at)} UTC${timeZone === 'UTC' ? '' : `  ${localTime(timeZone, at)} ${timeZone}`}`);
}

/** A schedule with what it did and will do, as text. */
export function scheduleText(schedule: ScheduleShown): string {
  const { definition, counts } = schedule;
  const limits = [
    `overlap ${definition.overlap}`,
    `catch-up ${definition.catchUpWindow}`,
    ...(definition.jitter ? [`jitter ${definition.jitter}`] : []),
  ];
  const runs = schedule.recent.map((run) => [run.id, run.status, time(run.createdAt), took(run)]);
  return [
    `Schedule ${schedule.id} of ${schedule.pipeline}: ${whenText(definition)}, ${definition.timeZone} (from ${schedule.origin})`,
    ...(schedule.paused || schedule.note ? [`  ${schedule.paused ? 'paused' : 'active'}: ${schedule.note}`] : []),
    `  ${limits.join(', ')}`,
    `  parameters ${JSON.stringify(definition.params)}`,
    `  started ${counts.started}, left out because one was under way ${counts.skipped}, missed ${counts.missed}`,
    '',
    'Next',
    ...startsText(definition, schedule.next),
    '',
    table(['run', 'status', 'created', 'time'], runs, { right: ['time'] }),
    ...schedule.faults.map(({ scheduledAt, error }) => `No run at ${time(scheduledAt)}: ${error.message}`),
  ].join('\n');
}
