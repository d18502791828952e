import type { ReactElement } from 'react';
import { Field } from '../../../ui/field.tsx';
import { usePipelines } from '../../runs/queries.ts';

export interface PipelineSelectProps {
  readonly value: string;
  readonly onChange: (pipeline: string) => void;
  readonly fault?: string | undefined;
}

/** One of the pipelines of this installation. */
export function PipelineSelect({ value, onChange, fault }: PipelineSelectProps): ReactElement {
  const { data = [] } = usePipelines();
  return (
    <Field label="Pipeline" fault={fault}>
      <select value={value} onChange={({ target }) => onChange(target.value)} required>
        {value === '' || !data.some(({ id }) => id === value) ? (
          <option value={value}>{value || 'Choose…'}</option>
        ) : null}
        {data.map(({ id, title }) => (
          <option key={id} value={id}>
            {title === id ? id : `${title} (${id})`}
          </option>
        ))}
      </select>
    </Field>
  );
}
