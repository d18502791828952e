import type { EventRef } from '../../../contracts/rules.ts';

/** `2026-11-23 07:12 UTC`; seconds where there are some. */
export function minute(time: string): string {
  const seconds = time.slice(16, 19);
  return `${time.slice(0, 10)} ${time.slice(11, 16)}${seconds === ':00' ? '' : seconds} UTC`;
}

const minutes = /(\d{4}-\d\d-\d\d) (\d\d:\d\d(?::\d\d)?) UTC/g;

/** A sentence whose times of day are those of a zone: `2026-11-23 08:12 CET`. @param timeZone an IANA name. */
export function inZone(sentence: string, timeZone: string): string {
  if (timeZone === 'UTC') return sentence;
  // The Swedish write dates as ISO 8601 does.
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone });
  const options = { hour: '2-digit', minute: '2-digit', timeZoneName: 'short', timeZone } as const;
  return sentence.replace(minutes, (_, date: string, time: string) => {
    const at = new Date(`${date}T${time}Z`);
    const hasSeconds = time.length > 5;
    const clock = at.toLocaleTimeString('en-GB', hasSeconds ? { ...options, second: '2-digit' } : options);
    return `${day.format(at)} ${clock}`;
  });
}

/** `preprocess 2026-11-23 07:12 UTC ✓, release 2026-11-23 09:40 UTC ✓`, in the order they came. */
export function hasText(held: Readonly<Record<string, EventRef>>): string {
  const entries = Object.entries(held).sort(([, a], [, b]) => (a.time < b.time ? -1 : 1));
  return entries.map(([name, { time }]) => `${name} ${minute(time)} ✓`).join(', ') || 'nothing';
}

/** `waits for release until 2026-11-23 12:00 UTC`. */
export function waitText(missing: readonly string[], deadlineAt: string | null): string {
  return `waits for ${missing.join(' and ')}${deadlineAt === null ? '' : ` until ${minute(deadlineAt)}`}`;
}

/** A length of time between two ISO times: `23 h 40 min`. */
export function spanText(from: string, to: string): string {
  const minutes = Math.round((Date.parse(to) - Date.parse(from)) / 60_000);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours > 0 ? `${hours} h` : '', rest > 0 || hours === 0 ? `${rest} min` : ''].filter(Boolean).join(' ');
}
