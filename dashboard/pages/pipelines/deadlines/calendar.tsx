import type { ReactElement } from 'react';
import type { DeadlineDay } from '../../../../contracts/deadlines.ts';
import { useSetAddress } from '../../../app/address.ts';
import { dayLook } from '../words/deadlines.ts';
import styles from './calendar.module.css';

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const dayMs = 86_400_000;
const monthFormat = new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' });
/** What a cell shows beside its colour. */
const signs: Readonly<Record<string, string>> = { ok: '✓', late: '!', failed: '✕', waiting: '○' };

/** Monday of the week of a day, milliseconds since 1970. */
const weekOf = (time: number): number => time - ((new Date(time).getUTCDay() + 6) % 7) * dayMs;

/** Days as a calendar, a row a week, the newest week last; each day opens beside it. */
export function Calendar({
  days,
  chosen,
}: {
  readonly days: readonly DeadlineDay[];
  readonly chosen: string;
}): ReactElement {
  const setAddress = useSetAddress();
  const byDate = new Map(days.map((day) => [day.day, day]));
  const times = days.map(({ day }) => Date.parse(day));
  const first = weekOf(Math.min(...times));
  const weeks = Math.round((weekOf(Math.max(...times)) - first) / (7 * dayMs)) + 1;
  return (
    <table className={styles.calendar}>
      <caption className="hidden">How the days went</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="hidden">Week from</span>
          </th>
          {weekdays.map((weekday) => (
            <th key={weekday} scope="col">
              {weekday}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {Array.from({ length: weeks }, (_, week) => {
          const monday = first + week * 7 * dayMs;
          return (
            <tr key={monday}>
              <th scope="row">{`${new Date(monday).getUTCDate()} ${monthFormat.format(monday)}`}</th>
              {weekdays.map((weekday, n) => {
                const date = new Date(monday + n * dayMs).toISOString().slice(0, 10);
                const day = byDate.get(date);
                if (!day) return <td key={weekday} aria-label={`${date}: not due`} />;
                const { tone, word } = dayLook(day);
                return (
                  <td key={weekday}>
                    <button
                      type="button"
                      data-tone={tone}
                      aria-pressed={date === chosen}
                      aria-label={`${date}: ${word}`}
                      title={`${date}: ${word}`}
                      onClick={() => setAddress({ day: date })}
                    >
                      <span>{date.slice(8)}</span>
                      <span aria-hidden>{signs[tone]}</span>
                    </button>
                  </td>
                );
              })}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
