import type { ReactElement } from 'react';
import type { ScheduleRecord } from '../../../../contracts/schedules.ts';
import { links } from '../../../app/links.ts';
import { plural } from '../../../format/number.ts';
import { relative, useNow } from '../../../format/time.ts';
import type { Column } from '../../../ui/data-table.tsx';
import { Go } from '../../../ui/go.tsx';
import { Loaded } from '../../../ui/page.tsx';
import { Mark } from '../../../ui/status.tsx';
import { Time } from '../../../ui/time.tsx';
import { CodeChanges } from '../parts/code-changes.tsx';
import { MadeList } from '../parts/made-list.tsx';
import { useSchedules } from '../queries.ts';
import { startWords } from '../words/schedules.ts';

const columns: readonly Column<ScheduleRecord>[] = [
  {
    id: 'state',
    header: 'State',
    card: 'mark',
    cell: ({ paused }) => <Mark tone={paused ? 'paused' : 'ok'} word={paused ? 'Paused' : 'Active'} />,
    sort: ({ paused }) => String(paused),
  },
  { id: 'id', header: 'Schedule', cell: ({ id }) => <Go href={links.schedule(id)}>{id}</Go>, sort: ({ id }) => id },
  {
    id: 'pipeline',
    header: 'Pipeline',
    wide: true,
    cell: ({ pipeline }) => <Go href={links.pipeline(pipeline)}>{pipeline}</Go>,
    sort: ({ pipeline }) => pipeline,
  },
  { id: 'starts', header: 'Starts', grow: true, cell: ({ definition }) => startWords(definition) },
  {
    id: 'next',
    header: 'Next',
    cell: ({ paused, next }) => (paused ? <span className="muted">–</span> : <Time at={next[0]} />),
    sort: ({ paused, next }) => (paused ? '~' : (next[0] ?? '~')),
  },
  {
    id: 'left',
    header: 'Left out',
    numeric: true,
    wide: true,
    cell: ({ counts }) => counts.skipped + counts.missed || <span className="muted">0</span>,
    sort: ({ counts }) => counts.skipped + counts.missed,
  },
  { id: 'note', header: 'Note', wide: true, cell: ({ note }) => note || <span className="muted">–</span> },
];

/** Schedules, of one pipeline or of all. */
export function ScheduleList({ pipeline }: { readonly pipeline?: string }): ReactElement {
  const now = useNow();
  const query = useSchedules();
  return (
    <Loaded query={query}>
      {(all) => {
        const rows = all.filter((schedule) => pipeline === undefined || schedule.pipeline === pipeline);
        const active = rows.filter(({ paused }) => !paused);
        const next = active
          .flatMap(({ id, next: [at] }) => (at ? [{ id, at }] : []))
          .sort((a, b) => (a.at < b.at ? -1 : 1))[0];
        const paused = rows.length - active.length;
        return (
          <>
            <MadeList
              label="Schedules"
              word="schedule"
              rows={rows}
              columns={pipeline === undefined ? columns : columns.filter(({ id }) => id !== 'pipeline')}
              link={links.schedule}
              newLink={links.newSchedule(pipeline)}
              sentence={
                <>
                  {next ? (
                    <>
                      <Go href={links.schedule(next.id)}>{next.id}</Go> starts next, {relative(next.at, now)}.
                    </>
                  ) : (
                    'Nothing starts by itself.'
                  )}
                  {paused > 0 ? ` ${plural(paused, 'schedule')} paused.` : ''}
                </>
              }
              empty={{
                command: 'perennial schedules apply schedules.yaml',
                text: 'A schedule starts runs by the clock of a time zone: every day at six, every quarter of an hour. It can also stand in the code of the pipeline.',
              }}
            />
            <CodeChanges kind="schedules" />
          </>
        );
      }}
    </Loaded>
  );
}
