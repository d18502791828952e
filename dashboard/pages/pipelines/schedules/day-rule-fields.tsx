import { Plus, X } from 'lucide-react';
import { type ReactElement, useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Field, Select } from '../../../ui/field.tsx';
import formStyles from '../parts/form.module.css';
import { ToggleSet } from '../parts/toggle-set.tsx';
import {
  type DayRule,
  type DayTimes,
  dayRuleWords,
  minuteSteps,
  monthWords,
  weekdayWords,
} from '../words/calendars.ts';
import styles from './calendars.module.css';

const named = (words: readonly string[]) => words.map((name, n) => ({ value: n + 1, name, short: name.slice(0, 3) }));
const [weekdays, months] = [named(weekdayWords), named(monthWords)];
const days = Array.from({ length: 31 }, (_, n) => ({ value: n + 1, name: `Day ${n + 1}`, short: String(n + 1) }));
const hours = Array.from({ length: 24 }, (_, n) => ({ value: String(n), label: `${String(n).padStart(2, '0')}:00` }));

export interface DayRuleFieldsProps {
  readonly title: string;
  readonly rule: DayRule;
  readonly onChange: (rule: DayRule) => void;
  /** Absent: it is the only one. */
  readonly onRemove?: (() => void) | undefined;
  /** It may be a whole day, as of times at which nothing starts. */
  readonly canBeDay?: boolean;
}

/** Days and times, chosen by their names: what is left empty is any. */
export function DayRuleFields({ title, rule, onChange, onRemove, canBeDay }: DayRuleFieldsProps): ReactElement {
  const change = (part: Partial<DayRule>): void => onChange({ ...rule, ...part });
  // Whoever empties it goes on with it open.
  const [isOpen] = useState(rule.days.length + rule.months.length > 0 || rule.years !== '');
  return (
    <fieldset className={formStyles.group}>
      <legend>{title}</legend>
      <p className="muted">{dayRuleWords(rule)}</p>
      <ToggleSet
        label="Days of the week"
        choices={weekdays}
        values={rule.weekdays}
        onChange={(next) => change({ weekdays: next })}
      />
      <Times times={rule.times} onChange={(times) => change({ times })} {...(canBeDay ? { canBeDay } : {})} />
      <details className={formStyles.more} open={isOpen || undefined}>
        <summary>Only on some days of the month, in some months or years</summary>
        <div className={formStyles.fields}>
          <ToggleSet
            label="Days of the month"
            sheet
            choices={days}
            values={rule.days}
            onChange={(next) => change({ days: next })}
          />
          <p className="muted">
            With days of the week, both have to fit: Monday and 1 to 7 is the first Monday of a month.
          </p>
          <ToggleSet
            label="Months"
            choices={months}
            values={rule.months}
            onChange={(next) => change({ months: next })}
          />
          <Field label="Years" hint="such as 2027 or 2027-2029; empty: every year">
            <input value={rule.years} onChange={({ target }) => change({ years: target.value })} />
          </Field>
        </div>
      </details>
      {onRemove ? (
        <div>
          <Button small icon={X} onClick={onRemove}>
            Remove these days
          </Button>
        </div>
      ) : null}
    </fieldset>
  );
}

interface TimesProps {
  readonly times: DayTimes;
  readonly onChange: (times: DayTimes) => void;
  readonly canBeDay?: boolean;
}

const begun: Readonly<Record<DayTimes['kind'], DayTimes>> = {
  at: { kind: 'at', at: ['06:00'] },
  every: { kind: 'every', minutes: 60, from: 8, to: 18 },
  day: { kind: 'day' },
};

function Times({ times, onChange, canBeDay }: TimesProps): ReactElement {
  return (
    <>
      <div className={formStyles.line}>
        <Select
          label="Time"
          value={times.kind}
          choices={[
            ...(canBeDay ? [{ value: 'day', label: 'all day' }] : []),
            { value: 'at', label: 'at these times' },
            { value: 'every', label: 'again and again' },
          ]}
          onChange={(kind) => onChange(begun[kind as DayTimes['kind']])}
        />
        {times.kind === 'every' ? <Span times={times} onChange={onChange} /> : null}
      </div>
      {times.kind === 'at' ? <Clocks at={times.at} onChange={(at) => onChange({ kind: 'at', at })} /> : null}
    </>
  );
}

interface SpanProps {
  readonly times: Extract<DayTimes, { kind: 'every' }>;
  readonly onChange: (times: DayTimes) => void;
}

function Span({ times, onChange }: SpanProps): ReactElement {
  const { from, to, minutes } = times;
  return (
    <>
      <Select
        label="Every"
        value={String(minutes)}
        choices={minuteSteps.map((n) => ({ value: String(n), label: n === 60 ? 'hour' : `${n} minutes` }))}
        onChange={(value) => onChange({ ...times, minutes: Number(value) })}
      />
      <Select
        label="From"
        value={String(from)}
        choices={hours}
        onChange={(value) => onChange({ ...times, from: Number(value), to: Math.max(to, Number(value)) })}
      />
      <Select
        label="To the hour of"
        value={String(to)}
        choices={hours.slice(from)}
        onChange={(value) => onChange({ ...times, to: Number(value) })}
      />
    </>
  );
}

function Clocks({ at, onChange }: { readonly at: readonly string[]; onChange: (at: string[]) => void }): ReactElement {
  return (
    <div className={styles.clocks}>
      {at.map((time, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a time that is typed has no other name
        <span key={n} className={styles.clock}>
          <input
            type="time"
            aria-label={`Time ${n + 1}`}
            value={time}
            onChange={({ target }) => onChange(at.map((one, other) => (other === n ? target.value : one)))}
          />
          {at.length > 1 ? (
            <Button
              kind="quiet"
              small
              icon={X}
              aria-label={`Remove ${time || `time ${n + 1}`}`}
              onClick={() => onChange(at.filter((_, other) => other !== n))}
            />
          ) : null}
        </span>
      ))}
      <Button small icon={Plus} onClick={() => onChange([...at, '18:00'])}>
        Another time
      </Button>
    </div>
  );
}
