import { type ReactElement, useMemo } from 'react';
import type { PipelineDetail, PipelineStep } from '../../../../contracts/pipelines.ts';
import type { StepRecord } from '../../../../contracts/runs.ts';
import { useAddress, useSetAddress } from '../../../app/address.ts';
import { links } from '../../../app/links.ts';
import { duration } from '../../../format/time.ts';
import { Graph } from '../../../graph/graph.tsx';
import type { GraphNode } from '../../../graph/model.ts';
import { Button } from '../../../ui/button.tsx';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { Go } from '../../../ui/go.tsx';
import { Here } from '../../../ui/here.tsx';
import { Section } from '../../../ui/page.tsx';
import { Status } from '../../../ui/status.tsx';
import { Time } from '../../../ui/time.tsx';
import { useRun } from '../../runs/queries.ts';
import { cacheWords, mapWords, placeWords, retryWords } from '../words/steps.ts';

/** The steps of a pipeline as the code defines them, with all their settings; on demand, how they went in its newest run. */
export function GraphTab({
  pipeline,
  newest,
}: {
  readonly pipeline: PipelineDetail;
  /** Id of the newest run; null: it has never run. */
  readonly newest: string | null;
}): ReactElement {
  const { step: chosen, state } = useAddress();
  const setAddress = useSetAddress();
  const withState = state === 'newest' && newest !== null;
  const run = useRun(withState ? newest : '').data;
  const steps = run?.steps;
  const nodes = useMemo(() => pipeline.steps.map((step) => nodeOf(step, steps)), [pipeline, steps]);
  const edges = useMemo(
    () => pipeline.steps.flatMap(({ id, needs }) => needs.map((from) => ({ from, to: id }))),
    [pipeline],
  );
  const open = (id: string): void => setAddress({ step: id === chosen ? null : id }, true);
  const step = pipeline.steps.find(({ id }) => id === chosen);
  return (
    <>
      <Section
        title="Steps"
        aside={
          newest === null ? (
            'It has never run'
          ) : withState ? (
            <>
              {run ? (
                <>
                  <Go href={links.run(run.id)}>run {run.partition ?? run.id.slice(0, 8)}</Go>{' '}
                  <Status status={run.status} /> <Time at={run.createdAt} />
                </>
              ) : null}
              <Button small onClick={() => setAddress({ state: null }, true)}>
                Show the definition alone
              </Button>
            </>
          ) : (
            <Button small onClick={() => setAddress({ state: 'newest' }, true)}>
              Show the newest run’s state
            </Button>
          )
        }
      >
        <Graph label={`Steps of ${pipeline.title}`} nodes={nodes} edges={edges} selected={chosen} onSelect={open} />
      </Section>
      {step ? <StepSettings step={step} /> : null}
      <Section title="Settings of the steps" aside={`plan ${pipeline.planHash.slice(0, 12)}`}>
        <DataTable
          label="Steps"
          columns={columns}
          rows={pipeline.steps}
          rowId={({ id }) => id}
          onOpen={({ id }) => open(id)}
        />
      </Section>
    </>
  );
}

function nodeOf(step: PipelineStep, records: readonly StepRecord[] | undefined): GraphNode {
  const { id, map } = step;
  const record = records?.find(({ stepId, mapKey }) => stepId === id && mapKey === '');
  if (!record) return { id, title: id, detail: map ? `${placeWords(step)}, fan-out` : placeWords(step) };
  const items = records?.filter(({ stepId, mapKey }) => stepId === id && mapKey !== '') ?? [];
  const { status, startedAt, finishedAt } = record;
  const took = startedAt && finishedAt ? duration(Date.parse(finishedAt) - Date.parse(startedAt)) : undefined;
  const ended = items.filter((item) => item.finishedAt !== null);
  const failed = ended.filter((item) => item.status === 'failed').length;
  return {
    ...{ id, title: id, status, detail: took },
    ...(items.length > 0
      ? { items: { done: ended.length, total: record.progress?.total || items.length, failed } }
      : {}),
  };
}

const columns: readonly Column<PipelineStep>[] = [
  {
    id: 'id',
    header: 'Step',
    cell: ({ id, title }) => (
      <Here change={{ step: id }} title={title}>
        {id}
      </Here>
    ),
    sort: ({ id }) => id,
  },
  {
    id: 'needs',
    header: 'Needs',
    grow: true,
    cell: ({ needs }) => needs.join(', ') || <span className="muted">nothing</span>,
  },
  { id: 'place', header: 'Runs on', cell: placeWords, sort: ({ resource }) => resource },
  {
    id: 'timeout',
    header: 'Timeout',
    numeric: true,
    cell: ({ timeoutMs }) => duration(timeoutMs),
    sort: ({ timeoutMs }) => timeoutMs,
  },
  {
    id: 'retry',
    header: 'Tried',
    wide: true,
    cell: ({ retry }) => (retry.maximumAttempts === 1 ? 'once' : `${retry.maximumAttempts} times`),
  },
  { id: 'map', header: 'Fan-out', wide: true, cell: ({ map }) => (map ? `yes, ${map.concurrency} at a time` : '') },
  { id: 'when', header: 'Condition', wide: true, cell: ({ when }) => (when ? 'yes' : '') },
  { id: 'cache', header: 'Cache', wide: true, cell: ({ cache }) => (cache ? 'yes' : '') },
];

/** All that a step is set to. */
function StepSettings({ step }: { readonly step: PipelineStep }): ReactElement {
  const setAddress = useSetAddress();
  const { id, title, needs, retry, timeoutMs, heartbeatMs, when, needsSuccess, onFailure, codeVersion } = step;
  return (
    <Section
      title={id}
      aside={
        <Button small kind="quiet" onClick={() => setAddress({ step: null }, true)}>
          Close
        </Button>
      }
    >
      {title === id ? null : <p>{title}</p>}
      <Facts
        facts={[
          [
            'Needs',
            needs.length === 0
              ? 'nothing: it begins with the run'
              : `${needs.join(', ')}${needsSuccess ? '' : ', however they ended'}`,
          ],
          ['Runs on', placeWords(step)],
          ['Tried', retryWords(retry)],
          ['Timeout of an attempt', duration(timeoutMs)],
          ['Taken for dead', `after ${duration(heartbeatMs)} of silence`],
          ['Only when', when ? <code key="when">{when}</code> : null],
          ['Fan-out', mapWords(step)],
          ['Cache', cacheWords(step)],
          ['When it fails', onFailure === 'continue' ? 'the run goes on without it' : 'the run fails'],
          ['Code', <code key="code">{codeVersion.slice(0, 12)}</code>],
        ]}
      />
    </Section>
  );
}
