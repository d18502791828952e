import type { ReactElement } from 'react';
import type { PipelineDetail } from '../../../../contracts/pipelines.ts';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { Empty } from '../../../ui/states.tsx';
import { Badge } from '../../../ui/status.tsx';
import { type Param, paramsOf, typeWords, writeParam } from '../words/params.ts';
import styles from './parameters.module.css';

/** What a run of the pipeline can be given: names, kinds, defaults and what they mean. */
export function ParametersTab({ pipeline }: { readonly pipeline: PipelineDetail }): ReactElement {
  const { partition } = pipeline;
  const columns: readonly Column<Param>[] = [
    {
      id: 'name',
      header: 'Parameter',
      cell: ({ name, needed }) => (
        <>
          <code>{name}</code> {needed ? <Badge tone="late">needed</Badge> : null}
          {name === partition?.date ? <Badge>day</Badge> : null}
          {name === partition?.key ? <Badge>key</Badge> : null}
        </>
      ),
      sort: ({ name }) => name,
    },
    { id: 'default', header: 'Default', cell: ({ schema }) => defaultOf(schema.default) },
    {
      id: 'type',
      header: 'Kind',
      wide: true,
      cell: ({ schema }) => <span className={styles.text}>{typeWords(schema)}</span>,
    },
    {
      id: 'description',
      header: 'What it does',
      cell: ({ schema }) => <span className={styles.text}>{schema.description ?? ''}</span>,
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
        rows={paramsOf(pipeline.params)}
        rowId={({ name }) => name}
        empty={<Empty title="No parameters">Every run of this pipeline does the same.</Empty>}
      />
    </>
  );
}

const defaultOf = (value: Param['schema']['default']): ReactElement =>
  value === undefined || value === '' ? <span className="muted">empty</span> : <code>{writeParam(value)}</code>;
