import { type ReactElement, useCallback, useMemo } from 'react';
import type { RunDetail } from '../../../contracts/runs.ts';
import { count } from '../../format/number.ts';
import { duration } from '../../format/time.ts';
import { Graph } from '../../graph/graph.tsx';
import type { GraphNode } from '../../graph/model.ts';
import { ItemList } from './item-list.tsx';
import type { Timeline, TimelineRow } from './timeline.ts';

export interface RunGraphProps {
  readonly run: RunDetail;
  readonly timeline: Timeline;
  readonly selected: string | undefined;
  readonly onSelect: (stepId: string, mapKey?: string) => void;
}

/** The graph of a run, each step with its state. */
export function RunGraph({ run, timeline, selected, onSelect }: RunGraphProps): ReactElement {
  const nodes = useMemo(() => timeline.rows.map(nodeOf), [timeline]);
  const edges = useMemo(
    () => run.plan.steps.flatMap(({ id, needs }) => needs.map((from) => ({ from, to: id }))),
    [run.plan],
  );
  const renderItems = useCallback(
    (id: string) => <ItemList run={run} stepId={id} onOpen={(mapKey) => onSelect(id, mapKey)} />,
    [run, onSelect],
  );
  const atWork =
    timeline.rows.find(({ step }) => step.status === 'failed') ??
    timeline.rows.find(({ step }) => step.status === 'running');
  return (
    <Graph
      label={`Graph of the steps of ${run.pipeline}`}
      nodes={nodes}
      edges={edges}
      around={atWork?.step.stepId}
      selected={selected}
      onSelect={onSelect}
      renderItems={renderItems}
    />
  );
}

function nodeOf({ step, workedMs, waitedMs, items, isCritical }: TimelineRow): GraphNode {
  const { progress, status } = step;
  const isRunning = status === 'running';
  return {
    ...{ id: step.stepId, title: step.stepId, status, isCritical },
    detail: detailOf(),
    ...(items ? { items } : {}),
    ...(isRunning && !items && progress && progress.total > 0 ? { share: progress.done / progress.total } : {}),
  };

  function detailOf(): string | undefined {
    if (step.cachedFrom) return 'from the cache';
    if (isRunning && progress) {
      const of = progress.total > 0 ? ` of ${count(progress.total)}` : '';
      return `${count(progress.done)}${of} ${progress.unit}`;
    }
    if (status === 'pending') return waitedMs > 0 ? `waits for ${duration(waitedMs)}` : undefined;
    return workedMs > 0 ? duration(workedMs) : status === 'skipped' ? 'skipped' : undefined;
  }
}
