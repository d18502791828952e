import { useRouter } from '@tanstack/react-router';
import { Play } from 'lucide-react';
import { type ReactElement, useState } from 'react';
import type { RunBrief } from '../../../contracts/runs.ts';
import { useAddress, useSetAddress } from '../../app/address.ts';
import { links } from '../../app/links.ts';
import { useMay } from '../../app/session.ts';
import { count } from '../../format/number.ts';
import { useNow } from '../../format/time.ts';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { NewRowsBar, useNewRows } from '../../ui/new-rows.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { Bulk } from './bulk.tsx';
import { answerOf, filterOf } from './filter.ts';
import { FilterBar } from './filter-bar.tsx';
import { useRunCounts, useRunList } from './queries.ts';
import { runColumns } from './run-columns.tsx';
import { StartRun } from './start-run.tsx';
import { RunStatistics } from './statistics.tsx';

const columns: readonly Column<RunBrief>[] = [
  runColumns.status,
  { id: 'pipeline', header: 'Run', cell: (run) => <Go href={links.run(run.id)}>{run.pipeline}</Go> },
  { id: 'partition', header: 'Partition', card: 'plain', cell: (run) => run.partition ?? '–' },
  runColumns.error,
  runColumns.trigger,
  runColumns.created,
  runColumns.took,
];

const none: ReadonlySet<string> = new Set();

/** All runs, newest first: to find one, to act on many, to start one. */
export default function Runs(): ReactElement {
  const router = useRouter();
  const search = useAddress();
  const setAddress = useSetAddress();
  const may = useMay('operator');
  const filter = filterOf(search, useNow(60_000));
  const key = JSON.stringify(filter);
  const counts = useRunCounts();
  const list = useRunList(filter);
  const { rows, waiting, show } = useNewRows(list.runs, (run) => run.id, list.isOld ? 'before' : key);
  const [selection, setSelection] = useState<{ readonly of: string; readonly ids: ReadonlySet<string> }>({
    ...{ of: key, ids: none },
  });
  // What is chosen is chosen of what the filter shows.
  const chosen = selection.of === key ? selection.ids : none;
  const setChosen = (ids: ReadonlySet<string>): void => setSelection({ of: key, ids });
  const isFiltered = Object.keys(filter).length > 0;
  const areAllChosen = rows.length > 0 && rows.every(({ id }) => chosen.has(id));
  return (
    <Page
      title="Runs"
      answer={counts ? answerOf(counts) : null}
      actions={
        may ? (
          <Button kind="primary" icon={Play} onClick={() => setAddress({ start: search['pipeline'] ?? 'any' })}>
            Start a run
          </Button>
        ) : null
      }
    >
      <FilterBar />
      <RunStatistics filter={filter} />
      <Section
        title="Newest first"
        aside={
          <>
            <NewRowsBar waiting={waiting} show={show} word="run" />
            {list.runs ? <span>{`${count(rows.length)}${list.hasMore ? ' loaded' : ''}`}</span> : null}
          </>
        }
      >
        {list.runs ? (
          <>
            <DataTable
              label="Runs"
              columns={columns}
              rows={rows}
              rowId={(run) => run.id}
              onOpen={(run) => router.history.push(links.run(run.id))}
              selection={chosen}
              onSelect={setChosen}
              onEnd={list.loadMore}
              empty={
                isFiltered ? (
                  <Empty title="No run fits the filter">Widen it, or clear it to see all runs.</Empty>
                ) : (
                  <Empty title="No run yet" command="perennial run offers">
                    Runs are started by schedules, events, people and the API, and stand here, newest first.
                  </Empty>
                )
              }
            />
            {list.hasMore ? (
              <div>
                <Button busy={list.isLoadingMore} onClick={list.loadMore}>
                  Show more
                </Button>
              </div>
            ) : null}
            {chosen.size > 0 ? (
              <Bulk
                chosen={chosen}
                rows={rows}
                filter={areAllChosen && list.hasMore && isFiltered ? filter : null}
                onDone={() => setChosen(none)}
              />
            ) : null}
          </>
        ) : list.error ? (
          <Failure error={list.error} retry={list.retry} />
        ) : (
          <Loading lines={12} />
        )}
      </Section>
      {search['start'] && may ? (
        <StartRun
          pipeline={search['start']}
          onChoose={(start) => setAddress({ start }, true)}
          onClose={() => setAddress({ start: null })}
        />
      ) : null}
    </Page>
  );
}
