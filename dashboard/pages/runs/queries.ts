import {
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import type { JsonObject } from '../../../contracts/json.ts';
import type { PlanStep } from '../../../contracts/plan.ts';
import type { RunBrief, RunDetail, RunPage } from '../../../contracts/runs.ts';
import { get } from '../../http/client.ts';

/** What `GET /v1/runs` filters by. */
export type RunFilter = Readonly<Record<string, string | readonly string[]>>;

const pageSize = 100;

/** The newest runs that fit a filter; asked for again when runs change. */
export function useNewestRuns(filter: RunFilter, limit = pageSize): UseQueryResult<RunPage> {
  return useQuery({
    queryKey: ['runs', 'newest', filter, limit],
    queryFn: ({ signal }) => get<RunPage>('/v1/runs', { ...filter, limit }, signal),
  });
}

/** The pages behind the newest one, which stay as they were read: what changes is new, or in the first page. @param cursor where they begin; null: there are none. */
export function useOlderRuns(filter: RunFilter, cursor: string | null): UseInfiniteQueryResult<InfiniteData<RunPage>> {
  return useInfiniteQuery({
    queryKey: ['older-runs', filter, cursor],
    enabled: false,
    initialPageParam: cursor ?? '',
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ pageParam, signal }) =>
      get<RunPage>('/v1/runs', { ...filter, limit: pageSize, cursor: pageParam }, signal),
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

/** A run with its steps. */
export const runKey = (id: string) => ['runs', 'one', id] as const;

export function useRun(id: string): UseQueryResult<RunDetail> {
  return useQuery({
    queryKey: runKey(id),
    queryFn: ({ signal }) => get<RunDetail>(`/v1/runs/${encodeURIComponent(id)}`, undefined, signal),
  });
}

/** The run of the same pipeline before another one. */
export function useRunBefore(run: RunBrief): UseQueryResult<RunBrief | null> {
  return useQuery({
    queryKey: ['runs', 'before', run.id],
    queryFn: async ({ signal }) => {
      const filter = { pipeline: run.pipeline, to: run.createdAt, limit: 1 };
      return (await get<RunPage>('/v1/runs', filter, signal)).runs[0] ?? null;
    },
  });
}

export interface PipelineBrief {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

export interface PipelineDetail extends PipelineBrief {
  /** JSON schema of its parameters. */
  readonly params: JsonObject;
  readonly steps: readonly (PlanStep & { readonly title: string })[];
}

/** Pipelines change with the code only. */
export function usePipelines(): UseQueryResult<readonly PipelineBrief[]> {
  return useQuery({
    queryKey: ['pipelines'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) =>
      (await get<{ pipelines: readonly PipelineBrief[] }>('/v1/pipelines', undefined, signal)).pipelines,
  });
}

export function usePipeline(id: string): UseQueryResult<PipelineDetail> {
  return useQuery({
    queryKey: ['pipelines', id],
    enabled: id !== '',
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => get<PipelineDetail>(`/v1/pipelines/${encodeURIComponent(id)}`, undefined, signal),
  });
}
