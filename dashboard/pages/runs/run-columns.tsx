import type { RunBrief } from '../../../contracts/runs.ts';
import type { Column } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { Status } from '../../ui/status.tsx';
import { Elapsed, Time } from '../../ui/time.tsx';
import { triggerOf } from './sentences.ts';

/** Columns that tables of runs have in common. */
export const runColumns = {
  status: { id: 'status', header: 'State', card: 'mark', cell: ({ status }) => <Status status={status} /> },
  error: {
    id: 'error',
    header: 'What happened',
    grow: true,
    wide: true,
    cell: ({ error, pause }) => {
      const text = error?.message ?? (pause ? `Paused: ${pause.reason}` : '');
      return <span title={text}>{text}</span>;
    },
  },
  trigger: {
    id: 'trigger',
    header: 'Started by',
    wide: true,
    cell: (run) => {
      const { text, href } = triggerOf(run);
      return href ? <Go href={href}>{text}</Go> : text;
    },
  },
  created: { id: 'created', header: 'Created', card: 'plain', cell: ({ createdAt }) => <Time at={createdAt} /> },
  took: {
    id: 'took',
    header: 'Took',
    numeric: true,
    wide: true,
    // Of a paused run nobody knows how long it worked, and one that waits has not begun.
    cell: ({ status, startedAt, finishedAt }) =>
      status === 'paused' || !startedAt ? '–' : <Elapsed from={startedAt} to={finishedAt} />,
  },
} as const satisfies Readonly<Record<string, Column<RunBrief>>>;
