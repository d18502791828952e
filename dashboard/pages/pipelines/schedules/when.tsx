import type { ReactElement } from 'react';
import type { ScheduleDefinition } from '../../../../contracts/schedules.ts';
import { Field, Select } from '../../../ui/field.tsx';
import type { Change } from '../parts/change.ts';
import type { Faults } from '../parts/faults.ts';
import formStyles from '../parts/form.module.css';
import { ZoneField } from '../parts/zone-field.tsx';
import { calendarOf, cronOf, type SimpleCron, simpleCron } from '../words/schedules.ts';
import { Calendars } from './calendars.tsx';
import { type Way, wayOf } from './draft.ts';

const repeats = [
  { value: 'hourly', label: 'Every hour' },
  { value: 'daily', label: 'Every day' },
  { value: 'weekdays', label: 'Monday to Friday' },
  { value: 'weekly', label: 'Once a week' },
  { value: 'monthly', label: 'Once a month' },
  { value: 'every', label: 'Every so often' },
  { value: 'cron', label: 'As a cron line says' },
  { value: 'calendars', label: 'On chosen days and times' },
];
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

export interface WhenProps {
  readonly draft: ScheduleDefinition;
  readonly onChange: (change: Change<ScheduleDefinition>) => void;
  /** Shows a cron line as it stands, also one that the form has parts for. */
  readonly asCron: boolean;
  readonly onAsCron: (asCron: boolean) => void;
  readonly faults: Faults;
}

/** When a schedule starts: common cases by their parts, all else as cron, an interval or calendars. */
export function When({ draft, onChange, asCron, onAsCron, faults }: WhenProps): ReactElement {
  const way = wayOf(draft);
  const simple = way === 'cron' && typeof draft.cron === 'string' && !asCron ? simpleCron(draft.cron) : null;
  const repeat = simple?.repeat ?? way;
  const none: Record<Way | 'offset', undefined> = {
    cron: undefined,
    every: undefined,
    calendars: undefined,
    offset: undefined,
  };
  const setSimple = (change: Partial<SimpleCron>): void => {
    const before = simple ?? simpleCron('0 6 * * *');
    if (before) onChange({ ...none, cron: cronOf({ ...before, ...change }) });
  };
  const setRepeat = (value: string): void => {
    onAsCron(value === 'cron');
    if (value === 'every') onChange({ ...none, every: '15m' });
    else if (value === 'calendars')
      onChange({ ...none, calendars: simple ? [calendarOf(simple)] : [{ hour: 6, dayOfWeek: 'MON-FRI' }] });
    else if (value === 'cron') onChange({ ...none, cron: draft.cron ?? '0 6 * * *' });
    else setSimple({ repeat: value as SimpleCron['repeat'] });
  };
  return (
    <fieldset className={formStyles.group}>
      <legend>Starts</legend>
      <div className={formStyles.line}>
        <Select label="How often" value={repeat} choices={repeats} onChange={setRepeat} />
        {simple?.repeat === 'weekly' ? (
          <Select
            label="On"
            value={simple.weekday}
            choices={weekdays.map((label, n) => ({ value: String(n), label }))}
            onChange={(weekday) => setSimple({ weekday })}
          />
        ) : null}
        {simple?.repeat === 'monthly' ? (
          <Field label="On day">
            <input
              type="number"
              min={1}
              max={31}
              value={simple.day}
              onChange={({ target }) => setSimple({ day: target.value || '1' })}
            />
          </Field>
        ) : null}
        {simple ? (
          <Field label={simple.repeat === 'hourly' ? 'At minute of' : 'At'} fault={faults.of('cron')}>
            <input
              type="time"
              value={simple.time}
              onChange={({ target }) => setSimple({ time: target.value || '00:00' })}
            />
          </Field>
        ) : null}
        {repeat === 'cron' ? (
          <Field
            label="Cron line"
            hint="minute, hour, day of month, month, day of week; several on lines of their own"
            fault={faults.of('cron', true)}
          >
            <textarea
              rows={2}
              className="mono"
              value={[draft.cron ?? ''].flat().join('\n')}
              onChange={({ target }) => {
                const lines = target.value.split('\n');
                onChange({ cron: lines.length > 1 ? lines : (lines[0] ?? '') });
              }}
            />
          </Field>
        ) : null}
        {repeat === 'every' ? (
          <>
            <Field label="Every" hint="such as 30s, 15m, 2h or 1d" fault={faults.of('every')}>
              <input value={draft.every ?? ''} onChange={({ target }) => onChange({ every: target.value })} />
            </Field>
            <Field label="Later by" hint="than its multiples since 1970, UTC" fault={faults.of('offset')}>
              <input value={draft.offset ?? ''} onChange={({ target }) => onChange({ offset: target.value })} />
            </Field>
          </>
        ) : null}
        <ZoneField
          hint="whose clock it goes by"
          value={draft.timeZone ?? 'UTC'}
          onChange={(timeZone) => onChange({ timeZone })}
          fault={faults.of('timeZone')}
        />
      </div>
      {repeat === 'calendars' ? (
        <Calendars
          value={draft.calendars ?? []}
          onChange={(calendars) => onChange({ calendars })}
          fault={faults.of('calendars', true)}
        />
      ) : null}
    </fieldset>
  );
}
