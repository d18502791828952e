import type { ReactElement } from 'react';
import type { BackfillRecord } from '../../../../contracts/backfills.ts';
import { links } from '../../../app/links.ts';
import { count, plural } from '../../../format/number.ts';
import type { Column } from '../../../ui/data-table.tsx';
import { Go } from '../../../ui/go.tsx';
import { Paged } from '../../../ui/paged.tsx';
import { Status } from '../../../ui/status.tsx';
import { Elapsed, Time } from '../../../ui/time.tsx';
import { MadeList } from '../parts/made-list.tsx';
import { useBackfills } from '../queries.ts';
import { spanWords } from '../words/backfills.ts';

const columns: readonly Column<BackfillRecord>[] = [
  {
    id: 'status',
    header: 'State',
    card: 'mark',
    cell: ({ status }) => <Status status={status} />,
    sort: ({ status }) => status,
  },
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
  const query = useBackfills(pipeline ?? '');
  return (
    <Paged query={query}>
      {(pages) => {
        const rows = pages.flatMap(({ backfills }) => backfills);
        const active = rows.filter(({ finishedAt }) => finishedAt === null).length;
        return (
          <MadeList
            label="Backfills"
            word="backfill"
            rows={rows}
            columns={pipeline === undefined ? columns : columns.filter(({ id }) => id !== 'pipeline')}
            link={links.backfill}
            newLink={links.newBackfill(pipeline)}
            sentence={active === 0 ? 'No backfill is under way.' : `${plural(active, 'backfill')} under way.`}
            empty={{
              command: `perennial backfill ${pipeline ?? 'offers'} --from 2026-11-01 --to 2026-11-07 --dry-run`,
              text: 'A backfill does days of the past: one run for each day, or for each day and key, a few at a time and behind everything else.',
            }}
          />
        );
      }}
    </Paged>
  );
}
