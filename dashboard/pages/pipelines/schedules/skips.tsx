import { CalendarX, Plus, X } from 'lucide-react';
import { type ReactElement, useState } from 'react';
import type { CalendarDefinition } from '../../../../contracts/schedules.ts';
import { Button } from '../../../ui/button.tsx';
import formStyles from '../parts/form.module.css';
import { JsonField } from '../parts/json-field.tsx';
import { calendarsOf, type DayRule, rulesOf } from '../words/calendars.ts';
import styles from './calendars.module.css';
import { DayRuleFields } from './day-rule-fields.tsx';

/** A date: of one year, or of each. */
interface SkippedDate {
  readonly date: string;
  readonly yearly: boolean;
}
type Skip = SkippedDate | DayRule;

const everySunday: DayRule = { weekdays: [7], days: [], months: [], years: '', times: { kind: 'day' } };

/** What is left out as the form has it; null when it says more than fields can. */
function skipsOf(calendars: readonly CalendarDefinition[]): readonly Skip[] | null {
  const rules = calendars.map((calendar) => rulesOf([calendar], 'all day')?.[0]);
  if (rules.some((rule) => rule === undefined)) return null;
  return (rules as DayRule[]).map((rule) => {
    const { weekdays, days, months, years, times } = rule;
    const isDate = weekdays.length === 0 && days.length === 1 && months.length === 1 && times.kind === 'day';
    if (!isDate || !/^(?:\d{4})?$/.test(years)) return rule;
    const [month, day] = [months, days].map(([n]) => String(n).padStart(2, '0'));
    // A leap year has every date.
    return { date: `${years || 2028}-${month}-${day}`, yearly: years === '' };
  });
}

function definitionsOf(skips: readonly Skip[]): CalendarDefinition[] {
  return skips.flatMap((skip) => {
    if (!('date' in skip)) return calendarsOf([skip], 'all day');
    const [year = 0, month = 0, day = 0] = skip.date.split('-').map(Number);
    if (skip.date === '') return [];
    return [{ dayOfMonth: day, month, ...(skip.yearly ? {} : { year }) }];
  });
}

export interface SkipsProps {
  readonly value: readonly CalendarDefinition[];
  readonly onChange: (skips: CalendarDefinition[]) => void;
  readonly fault: string | undefined;
}

/** When nothing starts: dates such as holidays, and days and times that come again. */
export function Skips({ value, onChange, fault }: SkipsProps): ReactElement {
  const [skips, setSkips] = useState(() => skipsOf(value));
  const change = (next: readonly Skip[]): void => {
    setSkips(next);
    onChange(definitionsOf(next));
  };
  if (!skips)
    return (
      <JsonField
        label="Nothing starts at"
        hint="They say more than fields can. A field that is left out is any: a date is all day"
        value={value}
        onChange={(next) => onChange(next as CalendarDefinition[])}
        fault={fault}
      />
    );
  const set = (n: number, skip: Skip): void => change(skips.map((one, other) => (other === n ? skip : one)));
  const remove = (n: number): void => change(skips.filter((_, other) => other !== n));
  return (
    <fieldset className={formStyles.group}>
      <legend>Nothing starts on</legend>
      {skips.length === 0 ? <p className="muted">No exceptions.</p> : null}
      {skips.map((skip, n) =>
        'date' in skip ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a date that is typed has no other name
          <div key={n} className={styles.date}>
            <input
              type="date"
              aria-label={`Date ${n + 1}`}
              value={skip.date}
              onChange={({ target }) => set(n, { ...skip, date: target.value })}
            />
            <label>
              <input
                type="checkbox"
                checked={skip.yearly}
                onChange={({ target }) => set(n, { ...skip, yearly: target.checked })}
              />
              every year
            </label>
            <Button kind="quiet" small icon={X} aria-label={`Remove date ${n + 1}`} onClick={() => remove(n)} />
          </div>
        ) : (
          <DayRuleFields
            // biome-ignore lint/suspicious/noArrayIndexKey: a rule has no name
            key={n}
            title="Days that come again"
            rule={skip}
            canBeDay
            onChange={(next) => set(n, next)}
            onRemove={() => remove(n)}
          />
        ),
      )}
      {fault ? (
        <p role="alert" className={styles.fault}>
          {fault}
        </p>
      ) : null}
      <div className={styles.buttons}>
        <Button
          small
          icon={CalendarX}
          onClick={() => change([...skips, { date: `${new Date().getFullYear()}-12-25`, yearly: true }])}
        >
          A date
        </Button>
        <Button small icon={Plus} onClick={() => change([...skips, everySunday])}>
          Days that come again
        </Button>
      </div>
    </fieldset>
  );
}
