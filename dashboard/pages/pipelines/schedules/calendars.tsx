import { Plus } from 'lucide-react';
import { type ReactElement, useState } from 'react';
import type { CalendarDefinition } from '../../../../contracts/schedules.ts';
import { Button } from '../../../ui/button.tsx';
import { JsonField } from '../parts/json-field.tsx';
import { calendarsOf, type DayRule, rulesOf } from '../words/calendars.ts';
import styles from './calendars.module.css';
import { DayRuleFields } from './day-rule-fields.tsx';

const another: DayRule = { weekdays: [], days: [], months: [], years: '', times: { kind: 'at', at: ['06:00'] } };

export interface CalendarsProps {
  readonly value: readonly CalendarDefinition[];
  readonly onChange: (calendars: CalendarDefinition[]) => void;
  readonly fault: string | undefined;
}

/** Days and times of starts. Calendars that say more than the fields can, as of an API, are changed as they stand. */
export function Calendars({ value, onChange, fault }: CalendarsProps): ReactElement {
  const [rules, setRules] = useState(() => rulesOf(value, 'midnight'));
  const change = (next: readonly DayRule[]): void => {
    setRules(next);
    onChange(calendarsOf(next, 'midnight'));
  };
  if (!rules)
    return (
      <JsonField
        label="Calendars"
        hint="They say more than fields can. A moment matches when every field of one of them does: minute, hour, dayOfMonth, month, dayOfWeek, year"
        value={value}
        onChange={(next) => onChange(next as CalendarDefinition[])}
        fault={fault}
      />
    );
  return (
    <div className={styles.list}>
      {rules.map((rule, n) => (
        <DayRuleFields
          // biome-ignore lint/suspicious/noArrayIndexKey: a rule has no name
          key={n}
          title={rules.length > 1 ? `Days and times ${n + 1}` : 'Days and times'}
          rule={rule}
          onChange={(next) => change(rules.map((one, other) => (other === n ? next : one)))}
          onRemove={rules.length > 1 ? () => change(rules.filter((_, other) => other !== n)) : undefined}
        />
      ))}
      {fault ? (
        <p role="alert" className={styles.fault}>
          {fault}
        </p>
      ) : null}
      <div>
        <Button small icon={Plus} onClick={() => change([...rules, another])}>
          Other days, other times
        </Button>
      </div>
    </div>
  );
}
