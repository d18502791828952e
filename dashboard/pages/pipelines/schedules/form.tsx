import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import type { JsonObject } from '../../../../contracts/json.ts';
import type { PipelineDetail } from '../../../../contracts/pipelines.ts';
import type { OverlapPolicy, ScheduleDefinition } from '../../../../contracts/schedules.ts';
import { useDebounced } from '../../../app/debounced.ts';
import { list } from '../../../format/number.ts';
import { post } from '../../../http/client.ts';
import { Field, Select } from '../../../ui/field.tsx';
import { fieldsOf } from '../../../ui/schema-fields.ts';
import { Failure } from '../../../ui/states.tsx';
import { usePipeline } from '../../runs/queries.ts';
import type { Change } from '../parts/change.ts';
import { DefinitionForm, NameField } from '../parts/definition-form.tsx';
import { faultsOf } from '../parts/faults.ts';
import styles from '../parts/form.module.css';
import { ParamsEditor } from '../parts/params-editor.tsx';
import { PipelineSelect } from '../parts/pipeline-select.tsx';
import { Starts } from '../parts/starts.tsx';
import { useSave } from '../parts/use-save.ts';
import { withoutEmpty } from '../parts/without-empty.ts';
import { overlapWords, startWords } from '../words/schedules.ts';
import { Skips } from './skips.tsx';
import { When } from './when.tsx';

export interface ScheduleFormProps {
  readonly initial: ScheduleDefinition;
  /** Absent: a new one is made. */
  readonly id?: string;
}

/** Makes or changes a schedule; beside the fields stand the starts that it would have. */
export function ScheduleForm({ initial, id }: ScheduleFormProps): ReactElement {
  const [draft, setDraft] = useState(initial);
  const [asCron, setAsCron] = useState(false);
  const change = (part: Change<ScheduleDefinition>): void =>
    setDraft((before) => ({ ...before, ...part }) as ScheduleDefinition);
  const sent = withoutEmpty(draft);
  const { data: pipeline } = usePipeline(draft.pipeline);
  const missing = missingOf(draft, pipeline);
  const preview = useQuery({
    // Needs no name yet.
    queryKey: ['schedules', 'preview', useDebounced({ ...sent, id: draft.id || 'new-schedule' }, 300)],
    enabled: pipeline !== undefined && missing.length === 0,
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: ({ queryKey }) => post<{ next: string[] }>('/v1/schedules/preview', queryKey[2]),
  });
  const save = useSave('schedules', id);
  const faults = faultsOf(save.error ?? preview.error);
  return (
    <DefinitionForm
      save={save}
      sent={sent}
      disabled={missing.length > 0 || preview.error !== null}
      beside={{
        label: 'Preview',
        content: (
          <>
            <strong>Starts {startWords(sent)}</strong>
            {missing.length > 0 ? (
              <p className="muted">
                When: as soon as {list(missing)} {missing.length === 1 ? 'is' : 'are'} given.
              </p>
            ) : preview.error ? (
              <Failure error={preview.error} />
            ) : (
              <Starts at={preview.data?.next ?? []} zone={draft.timeZone ?? 'UTC'} />
            )}
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
          <Skips value={draft.skip ?? []} onChange={(skip) => change({ skip })} fault={faults.of('skip', true)} />
        </div>
      </details>
    </DefinitionForm>
  );
}

/** What must be given before anything can be said. */
function missingOf({ pipeline, params = {} }: ScheduleDefinition, detail: PipelineDetail | undefined): string[] {
  if (pipeline === '') return ['the pipeline'];
  return fieldsOf(detail?.params ?? {})
    .filter(({ name, required }) => required && (params[name] ?? '') === '')
    .map(({ name }) => name);
}
