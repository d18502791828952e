import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { RunBrief } from '../../../contracts/runs.ts';
import { links } from '../../app/links.ts';
import { post } from '../../http/client.ts';
import { toast } from '../../ui/toast.tsx';

/** What can be asked of a run, as the API names it. */
export type RunAction = 'cancel' | 'pause' | 'resume' | 'retry' | 'skip' | 'rerun';

/** Asks something of a run, says that it was done, and shows what came of it; the run that a re-run made is opened. */
export function useAct(runId: string): (action: RunAction, done: string, body?: object) => Promise<void> {
  const client = useQueryClient();
  const router = useRouter();
  return useCallback(
    async (action, done, body) => {
      const run = await post<RunBrief>(`/v1/runs/${encodeURIComponent(runId)}/${action}`, body);
      toast(done);
      await client.invalidateQueries({ queryKey: ['runs'] });
      if (run.id !== runId) router.history.push(links.run(run.id));
    },
    [client, router, runId],
  );
}
