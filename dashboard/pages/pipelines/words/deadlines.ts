import type { DeadlineDay, DeadlineDefinition, Weekday } from '../../../../contracts/deadlines.ts';
import { list } from '../../../format/number.ts';
import { duration } from '../../../format/time.ts';
import type { Tone } from '../../../ui/tone.ts';
import { durationWords } from './durations.ts';

/** Weekdays by their short names, Monday first. */
export const weekdayNames: Readonly<Record<Weekday, string>> = {
  ...{ MON: 'Monday', TUE: 'Tuesday', WED: 'Wednesday', THU: 'Thursday' },
  ...{ FRI: 'Friday', SAT: 'Saturday', SUN: 'Sunday' },
};

/** What is due when: `offers for Germany by 07:00 Europe/Berlin, Monday to Friday`. */
export function dueWords({ pipeline, key, by, zone, days, dayOffset = 0 }: DeadlineDefinition): string {
  const what = `${pipeline}${key === undefined ? '' : ` for ${key}`}`;
  const of =
    dayOffset === 0
      ? ''
      : ` of ${dayOffset === -1 ? 'the day before' : `${Math.abs(dayOffset)} days ${dayOffset < 0 ? 'before' : 'ahead'}`}`;
  return `${what}${of} is due by ${by} ${zone}, ${daysWords(days)}`;
}

function daysWords(days: DeadlineDefinition['days']): string {
  if (!days || days.length === 7) return 'every day';
  const isWorkWeek = days.length === 5 && !days.includes('SAT') && !days.includes('SUN');
  return isWorkWeek ? 'Monday to Friday' : `on ${list(days.map((day) => weekdayNames[day]))}`;
}

/** From when a day is watched. */
export const watchWords = ({ warnAhead = '1d' }: DeadlineDefinition): string =>
  `from ${durationWords(warnAhead)} before`;

/** How a day went: what it is called and the colour of it. */
export function dayLook({ status, lateSeconds }: Pick<DeadlineDay, 'status' | 'lateSeconds'>): {
  readonly tone: Tone;
  readonly word: string;
} {
  if (status === 'missed') return { tone: 'failed', word: 'Missed' };
  if (status === 'expected-late') return { tone: 'late', word: 'Expected late' };
  if (status === 'open') return { tone: 'waiting', word: 'Open' };
  if ((lateSeconds ?? 0) > 0) return { tone: 'late', word: `Met ${duration((lateSeconds ?? 0) * 1_000)} late` };
  return { tone: 'ok', word: 'Met' };
}

/** Words as a sentence: a capital first, a full stop last. */
export const sentenceOf = (text: string): string =>
  text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;
