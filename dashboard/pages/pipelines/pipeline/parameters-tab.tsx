import type { ReactElement } from 'react';
import type { PipelineDetail } from '../../../../contracts/pipelines.ts';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { fieldsOf, type SchemaField } from '../../../ui/schema-fields.ts';
import { Empty } from '../../../ui/states.tsx';
import { Badge } from '../../../ui/status.tsx';
import { kindWords, writeParam } from '../words/params.ts';
import styles from './parameters.module.css';

/** What a run of the pipeline can be given: names, kinds, defaults and what they mean. */
export function ParametersTab({ pipeline }: { readonly pipeline: PipelineDetail }): ReactElement {
  const { partition } = pipeline;
  const columns: readonly Column<SchemaField>[] = [
    {
      id: 'name',
      header: 'Parameter',
      cell: ({ name, required }) => (
        <>
          <code>{name}</code> {required ? <Badge tone="late">needed</Badge> : null}
          {name === partition?.date ? <Badge>day</Badge> : null}
          {name === partition?.key ? <Badge>key</Badge> : null}
        </>
      ),
      sort: ({ name }) => name,
    },
    { id: 'default', header: 'Default', cell: defaultOf },
    {
      id: 'type',
      header: 'Kind',
      wide: true,
      cell: (field) => <span className={styles.text}>{kindWords(field)}</span>,
    },
    {
      id: 'description',
      header: 'What it does',
      card: 'line',
      cell: ({ description }) => <span className={styles.text}>{description ?? ''}</span>,
    },
  ];
  return (
    <>
      {partition ? (
        <p>
          Runs divide the work by <code>{partition.date}</code>
          {partition.key === undefined ? '' : ' and '}
          {partition.key === undefined ? null : <code>{partition.key}</code>}: backfills, deadlines and limits count by
          them.
        </p>
      ) : null}
      <DataTable
        label="Parameters"
        columns={columns}
        rows={fieldsOf(pipeline.params)}
        rowId={({ name }) => name}
        empty={<Empty title="No parameters">Every run of this pipeline does the same.</Empty>}
      />
    </>
  );
}

const defaultOf = (field: SchemaField): ReactElement => {
  const text = writeParam(field, field.default);
  return text === '' ? <span className="muted">empty</span> : <code>{text}</code>;
};
