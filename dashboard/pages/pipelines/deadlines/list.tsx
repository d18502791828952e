import type { ReactElement } from 'react';
import type { DeadlineShown } from '../../../../contracts/deadlines.ts';
import { links } from '../../../app/links.ts';
import { plural } from '../../../format/number.ts';
import type { Column } from '../../../ui/data-table.tsx';
import { Go } from '../../../ui/go.tsx';
import { Loaded } from '../../../ui/page.tsx';
import { Mark } from '../../../ui/status.tsx';
import { Time } from '../../../ui/time.tsx';
import { CodeChanges } from '../parts/code-changes.tsx';
import { MadeList } from '../parts/made-list.tsx';
import { useDeadlines } from '../queries.ts';
import { dayLook, dueWords } from '../words/deadlines.ts';

const urgency = ['missed', 'expected-late', 'open', 'met'];
const rank = ({ today }: DeadlineShown): number => (today ? urgency.indexOf(today.status) : urgency.length);

const columns: readonly Column<DeadlineShown>[] = [
  {
    id: 'today',
    header: 'Today',
    card: 'mark',
    cell: ({ today }) => (today ? <Mark {...dayLook(today)} /> : <span className="muted">not due yet</span>),
    sort: (deadline) => rank(deadline),
  },
  { id: 'id', header: 'Deadline', cell: ({ id }) => <Go href={links.deadline(id)}>{id}</Go>, sort: ({ id }) => id },
  { id: 'due', header: 'Due', card: 'plain', cell: ({ definition }) => dueWords(definition), wide: true },
  { id: 'reason', header: 'How it stands', grow: true, cell: ({ today }) => today?.reason ?? '' },
  {
    id: 'run',
    header: 'Run',
    wide: true,
    cell: ({ today }) =>
      today?.runId ? <Go href={links.run(today.runId)}>open</Go> : <span className="muted">–</span>,
  },
  { id: 'next', header: 'Next due', cell: ({ next }) => <Time at={next?.dueAt} />, sort: ({ next }) => next?.dueAt },
];

/** Deadlines, of one pipeline or of all, the most urgent first. */
export function DeadlineList({ pipeline }: { readonly pipeline?: string }): ReactElement {
  const query = useDeadlines();
  return (
    <Loaded query={query}>
      {(all) => {
        const rows = all
          .filter((deadline) => pipeline === undefined || deadline.pipeline === pipeline)
          .sort((a, b) => rank(a) - rank(b));
        const late = rows.filter(({ today }) => today?.status === 'missed' || today?.status === 'expected-late');
        return (
          <>
            <MadeList
              label="Deadlines"
              word="deadline"
              rows={rows}
              columns={columns}
              link={links.deadline}
              newLink={links.newDeadline(pipeline)}
              sentence={
                late.length === 0
                  ? 'No deadline of today is missed or expected to be.'
                  : `${plural(late.length, 'deadline')} of today ${late.length === 1 ? 'is' : 'are'} missed or will be.`
              }
              empty={{
                command: `perennial deadlines add ${pipeline ?? 'offers'}-by-morning ${pipeline ?? 'offers'} --by 07:00 --zone Europe/Berlin`,
                text: 'A deadline says by when the work of a day is to be done. It warns before it is missed, judging by how long runs usually take.',
              }}
            />
            <CodeChanges kind="deadlines" />
          </>
        );
      }}
    </Loaded>
  );
}
