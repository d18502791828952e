import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Progress, RunDetail, StepRecord } from '../../../contracts/runs.ts';
import { runKey } from './queries.ts';

interface StepEvent {
  readonly stepId: string;
  readonly mapKey: string;
}

/**
 * Shows progress and metrics of a run as their events come. All else of it is read again as `useLive` hears that runs have
 * changed, at most once a second. @param onLog is told that there are new lines.
 */
export function useLiveRun(run: RunDetail | undefined, onLog?: () => void): void {
  const client = useQueryClient();
  const told = useRef(onLog);
  told.current = onLog;
  const id = run?.finishedAt === null ? run.id : undefined;
  useEffect(() => {
    if (id === undefined) return;
    const source = new EventSource(`/v1/runs/${encodeURIComponent(id)}/events?from=now`);
    const key = runKey(id);
    const patch = (event: Event, change: (step: StepRecord, data: never) => StepRecord): void => {
      const data = JSON.parse((event as MessageEvent<string>).data) as StepEvent;
      client.setQueryData<RunDetail>(
        key,
        (old) =>
          old && {
            ...old,
            steps: old.steps.map((step) =>
              step.stepId === data.stepId && step.mapKey === data.mapKey ? change(step, data as never) : step,
            ),
          },
      );
    };
    source.addEventListener('progress', (event) =>
      patch(event, (step, { done, total, unit }: Progress) => ({ ...step, progress: { done, total, unit } })),
    );
    source.addEventListener('metric', (event) =>
      patch(event, (step, { metrics }: Pick<StepRecord, 'metrics'>) => ({
        ...step,
        metrics: { ...step.metrics, ...metrics },
      })),
    );
    source.addEventListener('log', () => told.current?.());
    return () => source.close();
  }, [client, id]);
}
