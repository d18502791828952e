import { useParams } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { DeadlineDay, DeadlineShown } from '../../../../contracts/deadlines.ts';
import { useAddress, useSetAddress } from '../../../app/address.ts';
import { links } from '../../../app/links.ts';
import { useMay } from '../../../app/session.ts';
import { percent, plural } from '../../../format/number.ts';
import { duration, relative, useNow } from '../../../format/time.ts';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { Go } from '../../../ui/go.tsx';
import { Page, Section } from '../../../ui/page.tsx';
import { Paged } from '../../../ui/paged.tsx';
import { Empty } from '../../../ui/states.tsx';
import { Mark } from '../../../ui/status.tsx';
import { ChangeAndRemove } from '../parts/change-and-remove.tsx';
import { CodeChanges } from '../parts/code-changes.tsx';
import { DefinitionPage } from '../parts/definition-page.tsx';
import { zoneTime } from '../parts/starts.tsx';
import { useDeadline, useDeadlineDays } from '../queries.ts';
import { dayLook, dueWords, sentenceOf, watchWords } from '../words/deadlines.ts';
import { Calendar } from './calendar.tsx';
import { Day } from './day.tsx';
import styles from './deadline.module.css';
import { DeadlineForm } from './form.tsx';

/** A deadline: how today stands, how the days went, and what each waited for. */
export default function Deadline(): ReactElement {
  const { id = '' } = useParams({ strict: false });
  const query = useDeadline(id);
  const now = useNow();
  return (
    <DefinitionPage
      kind="deadlines"
      id={id}
      query={query}
      changing="Days that were due before stay as they are."
      form={({ definition }) => <DeadlineForm initial={definition} id={id} />}
    >
      {(deadline, crumbs) => (
        <Page title={id} crumbs={crumbs} answer={answerOf(deadline, now)} actions={<Actions deadline={deadline} />}>
          <p className="muted">
            {dueWords(deadline.definition)}; watched {watchWords(deadline.definition)}.
            {deadline.origin === 'code' ? ` It stands in the code of ${deadline.pipeline}.` : ''}
          </p>
          <CodeChanges kind="deadlines" id={id} />
          <Days deadline={deadline} />
        </Page>
      )}
    </DefinitionPage>
  );
}

function answerOf({ today, next }: DeadlineShown, now: number): string {
  if (!today) return `Nothing is due yet${next ? `; next due ${relative(next.dueAt, now)}` : ''}.`;
  const { word } = dayLook(today);
  return `Today: ${word.toLowerCase()}. ${sentenceOf(today.reason)}`;
}

function Days({ deadline }: { readonly deadline: DeadlineShown }): ReactElement {
  const query = useDeadlineDays(deadline.id);
  return (
    <Paged query={query} more="Show older days">
      {(pages) => <Shown deadline={deadline} days={pages.flatMap((page) => page.days)} />}
    </Paged>
  );
}

interface ShownProps {
  readonly deadline: DeadlineShown;
  readonly days: readonly DeadlineDay[];
}

function Shown({ deadline, days }: ShownProps): ReactElement {
  const { day: chosen } = useAddress();
  const setAddress = useSetAddress();
  const [newest] = days;
  if (!newest)
    return (
      <Empty title="No day has come near yet">
        How each day went stands here, from the first that is watched: {watchWords(deadline.definition)} it is due.
      </Empty>
    );
  const shown = days.find(({ day }) => day === chosen) ?? newest;
  const over = days.filter(({ status }) => status === 'met' || status === 'missed');
  const inTime = over.filter(({ status, lateSeconds }) => status === 'met' && lateSeconds === 0).length;
  return (
    <>
      <div className={styles.columns}>
        <Section
          title="Days"
          aside={
            over.length > 0 ? `${percent(inTime / over.length)} of ${plural(over.length, 'day')} in time` : undefined
          }
        >
          <Calendar days={days} chosen={shown.day} />
          <p className={styles.legend}>
            <Mark tone="ok" word="Met" />
            <Mark tone="late" word="Met late, or expected late" />
            <Mark tone="failed" word="Missed" />
            <Mark tone="waiting" word="Open" />
          </p>
        </Section>
        <Day deadline={deadline} day={shown} />
      </div>
      <details>
        <summary className="muted">All days as a table</summary>
        <DataTable
          label="Days"
          columns={columnsOf(deadline.definition.zone)}
          rows={days}
          rowId={({ day }) => day}
          onOpen={({ day }) => setAddress({ day })}
        />
      </details>
    </>
  );
}

const columnsOf = (zone: string): readonly Column<DeadlineDay>[] => [
  { id: 'day', header: 'Day', cell: ({ day }) => day, sort: ({ day }) => day },
  {
    id: 'status',
    header: 'State',
    card: 'mark',
    cell: (day) => <Mark {...dayLook(day)} />,
    sort: ({ status }) => status,
  },
  { id: 'due', header: 'Due', cell: ({ dueAt }) => zoneTime(dueAt, zone) },
  { id: 'met', header: 'Met', cell: ({ metAt }) => (metAt ? zoneTime(metAt, zone) : '–') },
  {
    id: 'late',
    header: 'Late',
    numeric: true,
    cell: ({ lateSeconds }) => (lateSeconds ? duration(lateSeconds * 1_000) : '–'),
    sort: ({ lateSeconds }) => lateSeconds,
  },
  { id: 'reason', header: 'Why', grow: true, wide: true, cell: ({ reason }) => reason },
  { id: 'run', header: 'Run', cell: ({ runId }) => (runId ? <Go href={links.run(runId)}>open</Go> : '–') },
];

function Actions({ deadline: { id, origin } }: { readonly deadline: DeadlineShown }): ReactElement | null {
  if (!useMay('operator') || origin === 'code') return null;
  return (
    <ChangeAndRemove
      kind="deadlines"
      id={id}
      consequence="It goes with the history of its days, and nobody is warned any more. Runs stay."
    />
  );
}
