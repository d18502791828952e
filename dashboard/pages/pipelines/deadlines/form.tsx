import { type ReactElement, useState } from 'react';
import type { DeadlineDefinition, Weekday } from '../../../../contracts/deadlines.ts';
import { Field } from '../../../ui/field.tsx';
import { DefinitionForm, NameField } from '../parts/definition-form.tsx';
import { faultsOf } from '../parts/faults.ts';
import styles from '../parts/form.module.css';
import { PipelineSelect } from '../parts/pipeline-select.tsx';
import { ToggleSet } from '../parts/toggle-set.tsx';
import { useSave } from '../parts/use-save.ts';
import { withoutEmpty } from '../parts/without-empty.ts';
import { ZoneField } from '../parts/zone-field.tsx';
import { dueWords, watchWords, weekdayNames } from '../words/deadlines.ts';

const weekdays = (Object.entries(weekdayNames) as [Weekday, string][]).map(([value, name]) => ({ value, name }));

export interface DeadlineFormProps {
  readonly initial: DeadlineDefinition;
  /** Absent: a new one is made. */
  readonly id?: string;
}

/** Makes or changes a deadline. */
export function DeadlineForm({ initial, id }: DeadlineFormProps): ReactElement {
  const [draft, setDraft] = useState(initial);
  const change = (part: Partial<DeadlineDefinition>): void => setDraft((before) => ({ ...before, ...part }));
  const days = draft.days ?? weekdays.map(({ value }) => value);
  const save = useSave('deadlines', id);
  const faults = faultsOf(save.error);
  return (
    <DefinitionForm
      save={save}
      sent={withoutEmpty({ ...draft, days: days.length === 7 ? undefined : days })}
      beside={{
        label: 'In words',
        content: (
          <>
            <strong>{dueWords({ ...draft, days })}.</strong>
            <p className="muted">
              It is watched {watchWords(draft.warnAhead ? draft : { ...draft, warnAhead: '1d' })}, and counts from now
              on. When the work will probably not be done by then, the event deadline.expected-late says so before it is
              too late.
            </p>
          </>
        ),
      }}
    >
      <div className={styles.line}>
        <NameField
          value={draft.id}
          onChange={id === undefined ? (name) => change({ id: name }) : undefined}
          faults={faults}
        />
        <PipelineSelect
          value={draft.pipeline}
          onChange={(pipeline) => change({ pipeline })}
          fault={faults.of('pipeline')}
        />
        <Field label="Of the key" hint="such as a market; empty: any run of the day counts" fault={faults.of('key')}>
          <input value={draft.key ?? ''} onChange={({ target }) => change({ key: target.value })} />
        </Field>
      </div>
      <div className={styles.line}>
        <Field label="Due by" fault={faults.of('by')}>
          <input type="time" required value={draft.by} onChange={({ target }) => change({ by: target.value })} />
        </Field>
        <ZoneField required value={draft.zone} onChange={(zone) => change({ zone })} fault={faults.of('zone')} />
        <Field
          label="Watched ahead"
          hint="the first warning comes no earlier; such as 2h"
          fault={faults.of('warnAhead')}
        >
          <input
            value={draft.warnAhead ?? ''}
            placeholder="1d"
            onChange={({ target }) => change({ warnAhead: target.value })}
          />
        </Field>
        <Field label="Partition" hint="days after the day itself; -1: the day before" fault={faults.of('dayOffset')}>
          <input
            type="number"
            min={-31}
            max={31}
            value={draft.dayOffset ?? 0}
            onChange={({ target }) => change({ dayOffset: Number(target.value) })}
          />
        </Field>
      </div>
      <ToggleSet label="On" choices={weekdays} values={days} onChange={(next) => change({ days: next })} />
      {faults.of('days', true) ? <p role="alert">{faults.of('days', true)}</p> : null}
    </DefinitionForm>
  );
}
