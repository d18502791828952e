import { useRouter } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { RunBrief } from '../../../../contracts/runs.ts';
import { links } from '../../../app/links.ts';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { Go } from '../../../ui/go.tsx';
import { Status } from '../../../ui/status.tsx';
import { Elapsed, Time } from '../../../ui/time.tsx';
import { triggerOf } from '../../runs/sentences.ts';

const columns: readonly Column<RunBrief>[] = [
  {
    id: 'status',
    header: 'State',
    card: 'mark',
    cell: ({ status }) => <Status status={status} />,
    sort: ({ status }) => status,
  },
  {
    id: 'run',
    header: 'Run',
    cell: ({ id, partition }) => <Go href={links.run(id)}>{partition ?? id.slice(0, 8)}</Go>,
    sort: ({ partition }) => partition,
  },
  { id: 'error', header: 'What happened', grow: true, wide: true, cell: ({ error }) => error?.message ?? '' },
  {
    id: 'trigger',
    header: 'Started by',
    wide: true,
    cell: (run) => {
      const { text, href } = triggerOf(run);
      return href ? <Go href={href}>{text}</Go> : text;
    },
  },
  {
    id: 'created',
    header: 'Created',
    card: 'plain',
    cell: ({ createdAt }) => <Time at={createdAt} />,
    sort: (run) => run.createdAt,
  },
  { id: 'took', header: 'Took', numeric: true, cell: (run) => <Elapsed from={run.startedAt} to={run.finishedAt} /> },
];

/** Runs of one pipeline in a table. */
export function RunRows({ runs, empty }: { readonly runs: readonly RunBrief[]; readonly empty: string }): ReactElement {
  const router = useRouter();
  return (
    <DataTable
      label="Runs"
      columns={columns}
      rows={runs}
      rowId={({ id }) => id}
      onOpen={({ id }) => router.history.push(links.run(id))}
      empty={<p className="muted">{empty}</p>}
    />
  );
}
