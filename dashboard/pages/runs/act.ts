import { useRouter } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { RunBrief } from '../../../contracts/runs.ts';
import { links } from '../../app/links.ts';
import { post } from '../../http/client.ts';
import { useAction } from '../../ui/use-action.ts';

/** What can be asked of a run, as the API names it. */
export type RunAction = 'cancel' | 'pause' | 'resume' | 'retry' | 'skip' | 'rerun';

interface Asked {
  readonly action: RunAction;
  /** What a toast says afterwards. */
  readonly done: string;
  readonly body: object | undefined;
}

/** Asks something of a run, says that it was done, and shows what came of it; the run that a re-run made is opened. */
export function useAct(runId: string): (action: RunAction, done: string, body?: object) => Promise<void> {
  const router = useRouter();
  const { mutateAsync } = useAction(
    ({ action, body }: Asked) => post<RunBrief>(`/v1/runs/${encodeURIComponent(runId)}/${action}`, body),
    { topics: ['runs'], done: ({ done }) => done },
  );
  return useCallback(
    async (action, done, body) => {
      const run = await mutateAsync({ action, done, body });
      if (run.id !== runId) router.history.push(links.run(run.id));
    },
    [mutateAsync, router, runId],
  );
}
