import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import type { DeadlineDefinition, Weekday } from '../../../../contracts/deadlines.ts';
import { links } from '../../../app/links.ts';
import { post, put } from '../../../http/client.ts';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { GoButton } from '../../../ui/go-button.tsx';
import { Failure } from '../../../ui/states.tsx';
import { toast } from '../../../ui/toast.tsx';
import { faultsOf } from '../parts/faults.ts';
import styles from '../parts/form.module.css';
import { PipelineSelect } from '../parts/pipeline-select.tsx';
import { dueWords, watchWords } from '../words/deadlines.ts';

const weekdays: readonly (readonly [Weekday, string])[] = [
  ...([
    ['MON', 'Monday'],
    ['TUE', 'Tuesday'],
    ['WED', 'Wednesday'],
    ['THU', 'Thursday'],
  ] as const),
  ...([
    ['FRI', 'Friday'],
    ['SAT', 'Saturday'],
    ['SUN', 'Sunday'],
  ] as const),
];

export interface DeadlineFormProps {
  readonly initial: DeadlineDefinition;
  /** Absent: a new one is made. */
  readonly id?: string;
}

/** Makes or changes a deadline. */
export function DeadlineForm({ initial, id }: DeadlineFormProps): ReactElement {
  const router = useRouter();
  const client = useQueryClient();
  const [draft, setDraft] = useState(initial);
  const change = (part: Partial<DeadlineDefinition>): void => setDraft((before) => ({ ...before, ...part }));
  const days = draft.days ?? weekdays.map(([day]) => day);
  const sent = Object.fromEntries(
    Object.entries({ ...draft, days: days.length === 7 ? undefined : days }).filter(
      ([, value]) => value !== '' && value !== undefined,
    ),
  );
  const save = useMutation({
    mutationFn: () =>
      id === undefined ? post('/v1/deadlines', sent) : put(`/v1/deadlines/${encodeURIComponent(id)}`, sent),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['deadlines'] });
      toast(id === undefined ? `The deadline ${draft.id} is made.` : `The deadline ${draft.id} is changed.`);
      router.history.push(links.deadline(draft.id));
    },
  });
  const faults = faultsOf(save.error);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <div className={styles.fields}>
        <div className={styles.line}>
          <Field label="Name" hint="lower-case words joined by dashes" fault={faults.of('id')}>
            <input
              value={draft.id}
              disabled={id !== undefined}
              required
              pattern="[a-z][a-z0-9\-]{0,62}"
              onChange={({ target }) => change({ id: target.value })}
            />
          </Field>
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
          <Field label="Time zone" fault={faults.of('zone')}>
            <input list="zones" required value={draft.zone} onChange={({ target }) => change({ zone: target.value })} />
          </Field>
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
        <datalist id="zones">
          {['UTC', ...Intl.supportedValuesOf('timeZone')].map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
        <fieldset className={styles.group}>
          <legend>On</legend>
          <div className={styles.checks}>
            {weekdays.map(([day, name]) => (
              <label key={day}>
                <input
                  type="checkbox"
                  checked={days.includes(day)}
                  onChange={({ target }) =>
                    change({
                      days: weekdays
                        .map(([one]) => one)
                        .filter((one) => (one === day ? target.checked : days.includes(one))),
                    })
                  }
                />
                {name}
              </label>
            ))}
          </div>
          {faults.of('days', true) ? <p role="alert">{faults.of('days', true)}</p> : null}
        </fieldset>
        {save.error ? <Failure error={save.error} /> : null}
        <div className={styles.buttons}>
          <Button kind="primary" type="submit" busy={save.isPending}>
            {id === undefined ? 'Make the deadline' : 'Save the deadline'}
          </Button>
          <GoButton href={id === undefined ? `${links.pipelines}?tab=deadlines` : links.deadline(id)}>Back</GoButton>
        </div>
      </div>
      <aside className={styles.beside} aria-label="In words">
        <strong>{dueWords({ ...draft, days })}.</strong>
        <p className="muted">
          It is watched {watchWords(draft.warnAhead ? draft : { ...draft, warnAhead: '1d' })}, and counts from now on.
          When the work will probably not be done by then, the event deadline.expected-late says so before it is too
          late.
        </p>
      </aside>
    </form>
  );
}
