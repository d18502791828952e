import type { DeadlineDay, DeadlineDefinition, DeadlineRecord, DeadlineShown } from '../contracts/deadlines.ts';
import { localTime, table } from './terminal.ts';

/** What is worst comes first. */
const urgency = ['missed', 'expected-late', 'open', 'met'];
const widths = [24, 22, 24, 18, 18, 60] as const;

/** All deadlines and how they stand, in one look. */
export function deadlinesText(deadlines: readonly DeadlineShown[]): string {
  const rank = ({ today }: DeadlineShown): number => (today ? urgency.indexOf(today.status) : urgency.length);
  const rows = [...deadlines]
    .sort((a, b) => rank(a) - rank(b))
    .map(({ id, pipeline, definition, today, next }) => [
      id,
      definition.key === undefined ? pipeline : `${pipeline} ${definition.key}`,
      byText(definition),
      today ? stateText(today) : 'not due now',
      next ? localTime(definition.zone, next.dueAt) : '',
      today?.reason ?? '',
    ]);
  return table(['deadline', 'work', 'by', 'today', 'next due', 'why'], rows, {
    ...(rows.length > 0 ? { widths: fitting(rows) } : {}),
    empty: 'No deadlines. `perennial deadlines add DEADLINE PIPELINE --by 07:00 --zone Europe/Berlin` makes one.',
  });
}

/** The days of a deadline, newest first. */
export function daysText({ definition }: DeadlineRecord, days: readonly DeadlineDay[]): string {
  const local = (at: string | null): string => (at === null ? '' : localTime(definition.zone, at));
  const rows = days.map((day) => [
    day.day,
    stateText(day),
    local(day.dueAt),
    local(day.metAt ?? day.expectedAt),
    day.runId ?? '',
    day.reason,
  ]);
  return table(['day', 'state', 'due', 'done or expected', 'run', 'why'], rows, {
    empty: 'No day has come due since it was made.',
  });
}

/** `07:00 Europe/Berlin, MON-FRI`. */
export function byText({ by, zone, days = [] }: DeadlineDefinition): string {
  const text = days.join(' ').replace('MON TUE WED THU FRI', 'MON-FRI');
  return `${by} ${zone}${days.length === 7 ? '' : `, ${text}`}`;
}

function stateText({ status, lateSeconds, warnedAt }: DeadlineDay): string {
  if (status === 'met') return lateSeconds ? 'met late' : 'met in time';
  if (status === 'missed') return 'MISSED';
  return status === 'open' && warnedAt === null ? 'open' : 'EXPECTED LATE';
}

/** Columns as wide as their longest text, up to a limit; the last one wraps. */
function fitting(rows: readonly (readonly string[])[]): number[] {
  const heads = ['deadline', 'work', 'by', 'today', 'next due', 'why'];
  return heads.map((head, i) =>
    Math.min(widths[i] ?? 60, Math.max(head.length, ...rows.map((row) => row[i]?.length ?? 0))),
  );
}
