import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { QueueStates } from '../../../contracts/queues.ts';
import { links } from '../../app/links.ts';
import { count } from '../../format/number.ts';
import { duration } from '../../format/time.ts';
import { get } from '../../http/client.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { Loaded, Section } from '../../ui/page.tsx';
import { Mark, type Tone } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';

/** What each store holds that is not done, and where that is seen. */
const stores: Readonly<Record<string, readonly [words: string, href: string, tone: Tone]>> = {
  runs: ['Runs that wait to start', `${links.runs}?status=queued`, 'waiting'],
  events: ['Events that wait to be worked on', `${links.system}?tab=events`, 'waiting'],
  'dead-letters': ['Events that were given up', `${links.system}?tab=events`, 'failed'],
  notifications: ['Messages that wait to be sent', `${links.system}?tab=messages&state=waiting`, 'waiting'],
  'failed-notifications': ['Messages that were given up', `${links.system}?tab=messages&state=failed`, 'failed'],
};

/** What waits where, since when, and who takes it. */
export function Queues(): ReactElement {
  const query = useQuery({
    queryKey: ['queues'],
    refetchInterval: 10_000,
    queryFn: ({ signal }) => get<QueueStates>('/v1/queues', undefined, signal),
  });
  return (
    <Loaded query={query}>
      {({ stored, deliveries, tasks, unavailable }) => (
        <>
          {unavailable.map((server) => (
            <Mark key={server} tone="failed" word={`${server} does not answer: nothing is known of its queues`} />
          ))}
          <Section title="What is stored and not done">
            <DataTable
              label="Stored"
              rows={stored}
              rowId={({ name }) => name}
              columns={[
                {
                  id: 'name',
                  header: 'What',
                  grow: true,
                  cell: ({ name, count: n }) => {
                    const [words = name, href = links.system, tone = 'waiting'] = stores[name] ?? [];
                    return (
                      <>
                        <Mark bare tone={n === 0 ? 'ok' : tone} word={n === 0 ? 'nothing' : 'some'} />{' '}
                        <Go href={href}>{words}</Go>
                      </>
                    );
                  },
                },
                {
                  id: 'count',
                  header: 'How many',
                  numeric: true,
                  cell: ({ count: n }) => count(n),
                  sort: ({ count: n }) => n,
                },
                { id: 'oldest', header: 'Oldest since', cell: ({ oldestAt }) => <Time at={oldestAt} /> },
                { id: 'error', header: 'Newest fault', wide: true, cell: ({ error }) => error?.message ?? '' },
              ]}
            />
          </Section>
          <Section title="What is on the way (BullMQ)">
            <DataTable
              label="Deliveries"
              rows={deliveries}
              rowId={({ name }) => name}
              empty={<p className="muted">Not known.</p>}
              columns={[
                { id: 'name', header: 'Queue', grow: true, cell: ({ name }) => name },
                { id: 'waiting', header: 'Waiting', numeric: true, cell: ({ waiting }) => count(waiting) },
                { id: 'active', header: 'In work', numeric: true, cell: ({ active }) => count(active) },
                {
                  id: 'delayed',
                  header: 'To be tried again',
                  numeric: true,
                  wide: true,
                  cell: ({ delayed }) => count(delayed),
                },
                { id: 'oldest', header: 'Oldest since', cell: ({ oldestAt }) => <Time at={oldestAt} /> },
              ]}
            />
          </Section>
          <Section title="Tasks for workers (Temporal)">
            <DataTable
              label="Task queues"
              rows={tasks}
              rowId={({ name, kind }) => `${name} ${kind}`}
              empty={<p className="muted">Not known.</p>}
              columns={[
                {
                  id: 'pollers',
                  header: 'Workers',
                  card: 'mark',
                  cell: ({ pollers }) => (
                    <Mark
                      tone={pollers.length > 0 ? 'ok' : 'late'}
                      word={pollers.length > 0 ? `${pollers.length} ask for tasks` : 'none asks for tasks'}
                    />
                  ),
                },
                {
                  id: 'name',
                  header: 'Task queue',
                  grow: true,
                  cell: ({ name }) => <code>{name}</code>,
                  sort: ({ name }) => name,
                },
                { id: 'kind', header: 'Tasks of', cell: ({ kind }) => (kind === 'workflow' ? 'workflows' : 'steps') },
                {
                  id: 'backlog',
                  header: 'Waiting',
                  numeric: true,
                  cell: ({ backlog }) => (backlog === null ? '–' : count(backlog)),
                },
                {
                  id: 'age',
                  header: 'Oldest for',
                  numeric: true,
                  wide: true,
                  cell: ({ oldestSeconds }) => (oldestSeconds === null ? '–' : duration(oldestSeconds * 1000)),
                },
              ]}
            />
          </Section>
        </>
      )}
    </Loaded>
  );
}
