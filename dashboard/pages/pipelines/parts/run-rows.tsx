import { useRouter } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { RunBrief } from '../../../../contracts/runs.ts';
import { links } from '../../../app/links.ts';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { Go } from '../../../ui/go.tsx';
import { runColumns } from '../../runs/run-columns.tsx';

const columns: readonly Column<RunBrief>[] = [
  { ...runColumns.status, sort: ({ status }) => status },
  {
    id: 'run',
    header: 'Run',
    cell: ({ id, partition }) => <Go href={links.run(id)}>{partition ?? id.slice(0, 8)}</Go>,
    sort: ({ partition }) => partition,
  },
  runColumns.error,
  runColumns.trigger,
  { ...runColumns.created, sort: ({ createdAt }) => createdAt },
  runColumns.took,
];

export interface RunRowsProps {
  readonly runs: readonly RunBrief[];
  /** Instead of rows when there are none. */
  readonly empty: string;
  /** All were started by the same, which the page names. */
  readonly sameTrigger?: boolean;
}

/** Runs of one pipeline in a table. */
export function RunRows({ runs, empty, sameTrigger }: RunRowsProps): ReactElement {
  const router = useRouter();
  return (
    <DataTable
      label="Runs"
      columns={sameTrigger ? columns.filter(({ id }) => id !== 'trigger') : columns}
      rows={runs}
      rowId={({ id }) => id}
      onOpen={({ id }) => router.history.push(links.run(id))}
      empty={<p className="muted">{empty}</p>}
    />
  );
}
