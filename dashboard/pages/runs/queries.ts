import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery } from '@tanstack/react-query';
import type { RunRecord } from '../../../contracts/runs.ts';
import { get } from '../../http/client.ts';

/** A run as lists give it: without its plan. */
export type RunBrief = Omit<RunRecord, 'plan'> & { readonly planHash: string };

export interface RunPage {
  readonly runs: readonly RunBrief[];
  readonly next: string | null;
}

/** What `GET /v1/runs` filters by. */
export type RunFilter = Readonly<Record<string, string | readonly string[]>>;

/** Runs that fit a filter, newest first, page by page. */
export function useRuns(filter: RunFilter, limit = 50): UseInfiniteQueryResult<InfiniteData<RunPage>> {
  return useInfiniteQuery({
    queryKey: ['runs', 'list', filter, limit],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => get<RunPage>('/v1/runs', { ...filter, limit, cursor: pageParam }, signal),
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}
