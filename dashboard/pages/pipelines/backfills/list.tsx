import { useRouter } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { BackfillRecord } from '../../../../contracts/backfills.ts';
import { links } from '../../../app/links.ts';
import { count, plural } from '../../../format/number.ts';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { Go } from '../../../ui/go.tsx';
import { Paged } from '../../../ui/paged.tsx';
import { Empty } from '../../../ui/states.tsx';
import { Status } from '../../../ui/status.tsx';
import { Elapsed, Time } from '../../../ui/time.tsx';
import { ListHead, NewButton } from '../parts/list-head.tsx';
import { useBackfills } from '../queries.ts';
import { spanWords } from '../words/backfills.ts';

const columns: readonly Column<BackfillRecord>[] = [
  { id: 'status', header: 'State', cell: ({ status }) => <Status status={status} />, sort: ({ status }) => status },
  {
    id: 'span',
    header: 'Days and keys',
    cell: (backfill) => <Go href={links.backfill(backfill.id)}>{spanWords(backfill)}</Go>,
    sort: ({ from }) => from,
  },
  {
    id: 'pipeline',
    header: 'Pipeline',
    wide: true,
    cell: ({ pipeline }) => <Go href={links.pipeline(pipeline)}>{pipeline}</Go>,
    sort: ({ pipeline }) => pipeline,
  },
  {
    id: 'total',
    header: 'Partitions',
    numeric: true,
    cell: ({ total }) => count(total),
    sort: ({ total }) => total,
  },
  { id: 'by', header: 'Asked for by', grow: true, wide: true, cell: ({ by }) => by },
  {
    id: 'created',
    header: 'Asked for',
    cell: ({ createdAt }) => <Time at={createdAt} />,
    sort: (one) => one.createdAt,
  },
  {
    id: 'took',
    header: 'Took',
    numeric: true,
    wide: true,
    cell: ({ createdAt, finishedAt }) => <Elapsed from={createdAt} to={finishedAt} />,
  },
];

/** Backfills, of one pipeline or of all, newest first. */
export function BackfillList({ pipeline }: { readonly pipeline?: string }): ReactElement {
  const router = useRouter();
  const query = useBackfills(pipeline ?? '');
  return (
    <Paged query={query}>
      {(pages) => {
        const rows = pages.flatMap(({ backfills }) => backfills);
        const active = rows.filter(({ finishedAt }) => finishedAt === null).length;
        return (
          <>
            {rows.length > 0 ? (
              <ListHead
                sentence={active === 0 ? 'No backfill is under way.' : `${plural(active, 'backfill')} under way.`}
                href={links.newBackfill(pipeline)}
                action="New backfill"
              />
            ) : null}
            <DataTable
              label="Backfills"
              columns={pipeline === undefined ? columns : columns.filter(({ id }) => id !== 'pipeline')}
              rows={rows}
              rowId={({ id }) => id}
              onOpen={({ id }) => router.history.push(links.backfill(id))}
              empty={
                <Empty
                  title="No backfill yet"
                  command={`perennial backfill ${pipeline ?? 'offers'} --from 2026-11-01 --to 2026-11-07 --dry-run`}
                  action={<NewButton href={links.newBackfill(pipeline)} action="New backfill" />}
                >
                  A backfill does days of the past: one run for each day, or for each day and key, a few at a time and
                  behind everything else.
                </Empty>
              }
            />
          </>
        );
      }}
    </Paged>
  );
}
