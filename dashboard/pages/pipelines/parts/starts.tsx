import type { ReactElement } from 'react';
import { exact, soon, useNow } from '../../../format/time.ts';

/** A moment as the clock of a zone shows it: `Fri 27 Nov, 05:00`. */
export const zoneTime = (at: string, zone: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: zone, weekday: 'short', day: '2-digit', month: 'short' },
    ...{ hour: '2-digit', minute: '2-digit' },
  }).format(new Date(at));

/** Starts to come, a line each: by the clock of the zone, and how soon. */
export function Starts({ at, zone }: { readonly at: readonly string[]; readonly zone: string }): ReactElement {
  const now = useNow();
  if (at.length === 0) return <p className="muted">It does not start any more.</p>;
  return (
    <ol>
      {at.map((time) => (
        <li key={time}>
          <time dateTime={time} title={exact(time)}>
            {zoneTime(time, zone)}
          </time>
          <span className="muted">{soon(time, now)}</span>
        </li>
      ))}
    </ol>
  );
}
