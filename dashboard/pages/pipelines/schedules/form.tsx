import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import type { JsonObject } from '../../../../contracts/json.ts';
import type { PipelineDetail } from '../../../../contracts/pipelines.ts';
import type { OverlapPolicy, ScheduleDefinition } from '../../../../contracts/schedules.ts';
import { links } from '../../../app/links.ts';
import { list } from '../../../format/number.ts';
import { post, put } from '../../../http/client.ts';
import { Button } from '../../../ui/button.tsx';
import { Field, Select } from '../../../ui/field.tsx';
import { GoButton } from '../../../ui/go-button.tsx';
import { fieldsOf } from '../../../ui/schema-fields.ts';
import { Failure } from '../../../ui/states.tsx';
import { toast } from '../../../ui/toast.tsx';
import { usePipeline } from '../../runs/queries.ts';
import type { Change } from '../parts/change.ts';
import { faultsOf } from '../parts/faults.ts';
import styles from '../parts/form.module.css';
import { JsonField } from '../parts/json-field.tsx';
import { ParamsEditor } from '../parts/params-editor.tsx';
import { PipelineSelect } from '../parts/pipeline-select.tsx';
import { Starts } from '../parts/starts.tsx';
import { useSettled } from '../parts/use-settled.ts';
import { overlapWords, startWords } from '../words/schedules.ts';
import { toSend } from './draft.ts';
import { When } from './when.tsx';

export interface ScheduleFormProps {
  readonly initial: ScheduleDefinition;
  /** Absent: a new one is made. */
  readonly id?: string;
}

/** Makes or changes a schedule; beside the fields stand the starts that it would have. */
export function ScheduleForm({ initial, id }: ScheduleFormProps): ReactElement {
  const router = useRouter();
  const client = useQueryClient();
  const [draft, setDraft] = useState(initial);
  const [asCron, setAsCron] = useState(false);
  const change = (part: Change<ScheduleDefinition>): void =>
    setDraft((before) => ({ ...before, ...part }) as ScheduleDefinition);
  const sent = useSettled(toSend(draft));
  const { data: pipeline } = usePipeline(draft.pipeline);
  const missing = missingOf(draft, pipeline);
  const preview = useQuery({
    // Needs no name yet.
    queryKey: ['schedules', 'preview', { ...sent, id: sent.id || 'new-schedule' }],
    enabled: pipeline !== undefined && missing.length === 0,
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: ({ queryKey }) => post<{ next: string[] }>('/v1/schedules/preview', queryKey[2]),
  });
  const save = useMutation({
    mutationFn: () =>
      id === undefined
        ? post('/v1/schedules', toSend(draft))
        : put(`/v1/schedules/${encodeURIComponent(id)}`, toSend(draft)),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['schedules'] });
      toast(id === undefined ? `The schedule ${draft.id} is made.` : `The schedule ${draft.id} is changed.`);
      router.history.push(links.schedule(draft.id));
    },
  });
  const faults = faultsOf(save.error ?? preview.error);
  const hasFaults = missing.length > 0 || preview.error !== null;
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
            onChange={(pipeline) => change({ pipeline, params: {} })}
            fault={faults.of('pipeline')}
          />
        </div>
        <When draft={draft} onChange={change} asCron={asCron} onAsCron={setAsCron} faults={faults} />
        <ParamsEditor
          key={draft.pipeline}
          pipeline={draft.pipeline}
          value={(draft.params ?? {}) as JsonObject}
          onChange={(params) => change({ params })}
          faults={faults}
          hint={
            <>
              Text in <code>{'{{ }}'}</code> is worked out at each start: <code>{'{{ date }}'}</code> is its day,{' '}
              <code>{'{{ previousDate }}'}</code> the day before.
            </>
          }
        />
        <Select
          label="When a run of before is still under way"
          value={draft.overlap ?? 'skip'}
          choices={Object.entries(overlapWords).map(([value, label]) => ({ value, label }))}
          onChange={(overlap) => change({ overlap: overlap as OverlapPolicy })}
        />
        <details className={styles.more}>
          <summary>Catching up, jitter, priority, exceptions</summary>
          <div className={styles.fields}>
            <div className={styles.line}>
              <Field label="Made up after an outage" hint="if at most this old" fault={faults.of('catchUpWindow')}>
                <input
                  value={draft.catchUpWindow ?? ''}
                  onChange={({ target }) => change({ catchUpWindow: target.value })}
                />
              </Field>
              <Field label="Late by chance" hint="each start by up to this, such as 5m" fault={faults.of('jitter')}>
                <input value={draft.jitter ?? ''} onChange={({ target }) => change({ jitter: target.value })} />
              </Field>
              <Select
                label="Priority"
                value={String(draft.priority ?? 3)}
                choices={['1', '2', '3', '4', '5'].map((value) => ({
                  value,
                  label: `${value}${{ 1: ', goes first', 3: ', as usual', 5: ', goes last' }[value] ?? ''}`,
                }))}
                onChange={(priority) => change({ priority: Number(priority) })}
              />
            </div>
            <JsonField
              label="Nothing starts at"
              hint={'Holidays as calendars: [{ "month": 12, "dayOfMonth": 25 }]'}
              value={draft.skip ?? []}
              onChange={(skip) => change({ skip: skip as NonNullable<ScheduleDefinition['skip']> })}
              fault={faults.of('skip', true)}
            />
          </div>
        </details>
        {save.error ? <Failure error={save.error} /> : null}
        <div className={styles.buttons}>
          <Button kind="primary" type="submit" busy={save.isPending} disabled={hasFaults}>
            {id === undefined ? 'Make the schedule' : 'Save the schedule'}
          </Button>
          <GoButton href={id === undefined ? `${links.pipelines}?tab=schedules` : links.schedule(id)}>Back</GoButton>
        </div>
      </div>
      <aside className={styles.beside} aria-label="Preview">
        <strong>Starts {startWords(toSend(draft))}</strong>
        {missing.length > 0 ? (
          <p className="muted">
            When: as soon as {list(missing)} {missing.length === 1 ? 'is' : 'are'} given.
          </p>
        ) : preview.error ? (
          <Failure error={preview.error} />
        ) : (
          <Starts at={preview.data?.next ?? []} zone={draft.timeZone ?? 'UTC'} />
        )}
      </aside>
    </form>
  );
}

/** What must be given before anything can be said. */
function missingOf({ pipeline, params = {} }: ScheduleDefinition, detail: PipelineDetail | undefined): string[] {
  if (pipeline === '') return ['the pipeline'];
  return fieldsOf(detail?.params ?? {})
    .filter(({ name, required }) => required && (params[name] ?? '') === '')
    .map(({ name }) => name);
}
