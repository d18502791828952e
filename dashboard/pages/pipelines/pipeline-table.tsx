import { useRouter } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { PipelineHealth } from '../../../contracts/overview.ts';
import { links } from '../../app/links.ts';
import { duration } from '../../format/time.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Go } from '../../ui/go.tsx';
import { RunStrip } from '../../ui/run-strip.tsx';
import { Empty } from '../../ui/states.tsx';
import { Badge, Mark } from '../../ui/status.tsx';
import { Time } from '../../ui/time.tsx';
import { pipelineLooks } from '../today/health.tsx';
import styles from './pipeline-table.module.css';

const dash = <span className="muted">–</span>;

const columns: readonly Column<PipelineHealth>[] = [
  {
    id: 'state',
    header: 'State',
    card: 'mark',
    cell: ({ state }) => <Mark tone={pipelineLooks[state][0]} word={pipelineLooks[state][1]} />,
    sort: ({ state }) => state,
  },
  {
    id: 'pipeline',
    header: 'Pipeline',
    grow: true,
    cell: ({ pipeline, title, sentence }) => (
      <>
        <Go href={links.pipeline(pipeline)}>{title}</Go>
        <div className={styles['sentence']} title={sentence}>
          {sentence}
        </div>
      </>
    ),
    sort: ({ title }) => title,
  },
  { id: 'recent', header: 'Newest runs', card: 'plain', cell: ({ recent }) => <RunStrip runs={recent} /> },
  {
    id: 'next',
    header: 'Next start',
    cell: ({ nextStart }) =>
      nextStart ? (
        <Go href={links.schedule(nextStart.schedule)}>
          <Time at={nextStart.at} />
        </Go>
      ) : (
        <span className="muted">on request</span>
      ),
    sort: ({ nextStart }) => nextStart?.at,
  },
  {
    id: 'failures',
    header: 'Failures',
    numeric: true,
    wide: true,
    cell: ({ failures }) => (failures > 0 ? <Badge tone="failed">{failures}</Badge> : dash),
    sort: ({ failures }) => failures,
  },
  {
    id: 'typical',
    header: 'Usually takes',
    numeric: true,
    wide: true,
    cell: ({ typicalSeconds }) => (typicalSeconds === null ? dash : duration(typicalSeconds * 1_000)),
    sort: ({ typicalSeconds }) => typicalSeconds,
  },
  {
    id: 'deadlines',
    header: 'Late today',
    wide: true,
    cell: ({ deadlines }) =>
      deadlines.length === 0
        ? dash
        : deadlines.map(({ deadline, day, status }) => (
            <div key={deadline} className={styles['late']}>
              <Mark
                tone={status === 'missed' ? 'failed' : 'late'}
                word={status === 'missed' ? 'Missed' : 'Expected late'}
                bare
              />
              <Go href={`${links.deadline(deadline)}?day=${day}`}>{deadline}</Go>
            </div>
          )),
    sort: ({ deadlines }) => deadlines.length,
  },
];

/** A line for each pipeline: how it stands, its newest runs, and when it starts next. */
export function PipelineTable({ pipelines }: { readonly pipelines: readonly PipelineHealth[] }): ReactElement {
  const router = useRouter();
  return (
    <DataTable
      label="Pipelines"
      columns={columns}
      rows={pipelines}
      rowId={({ pipeline }) => pipeline}
      onOpen={({ pipeline }) => router.history.push(links.pipeline(pipeline))}
      empty={
        <Empty title="No pipeline yet">
          A pipeline is a folder in pipelines/ and a line in pipelines/index.ts. CONTRIBUTING.md shows how one is added.
        </Empty>
      }
    />
  );
}
