import { useRouter } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { links } from '../../app/links.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { Status } from '../../ui/status.tsx';
import { Elapsed, Time } from '../../ui/time.tsx';
import { type RunBrief, useRuns } from './queries.ts';

const columns: readonly Column<RunBrief>[] = [
  { id: 'status', header: 'State', cell: (run) => <Status status={run.status} />, sort: (run) => run.status },
  {
    id: 'pipeline',
    header: 'Run',
    cell: (run) => <Go href={links.run(run.id)}>{run.pipeline}</Go>,
    sort: (run) => run.pipeline,
  },
  { id: 'partition', header: 'Partition', cell: (run) => run.partition ?? '–', sort: (run) => run.partition },
  { id: 'error', header: 'What happened', grow: true, wide: true, cell: (run) => run.error?.message ?? '' },
  { id: 'trigger', header: 'Started by', wide: true, cell: (run) => `${run.trigger.kind} ${run.trigger.by}` },
  { id: 'createdAt', header: 'Created', cell: (run) => <Time at={run.createdAt} />, sort: (run) => run.createdAt },
  { id: 'took', header: 'Took', numeric: true, cell: (run) => <Elapsed from={run.startedAt} to={run.finishedAt} /> },
];

/** All runs, newest first. */
export default function Runs(): ReactElement {
  const router = useRouter();
  const runs = useRuns({});
  const rows = runs.data?.pages.flatMap((page) => page.runs) ?? [];
  return (
    <Page title="Runs">
      {runs.data ? (
        <DataTable
          label="Runs"
          columns={columns}
          rows={rows}
          rowId={(run) => run.id}
          onOpen={(run) => router.history.push(links.run(run.id))}
          empty={<Empty title="No run yet" command="perennial run offers" />}
        />
      ) : runs.error ? (
        <Failure error={runs.error} retry={() => void runs.refetch()} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}
