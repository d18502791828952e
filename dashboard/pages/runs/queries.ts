import { keepPreviousData, type UseQueryResult, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import type { PipelineBrief, PipelineDetail } from '../../../contracts/pipelines.ts';
import type { RunComparison, RunStatistics } from '../../../contracts/run-insight.ts';
import type { RunBrief, RunDetail, RunPage } from '../../../contracts/runs.ts';
import { get } from '../../http/client.ts';
import type { Count, RunCounts, RunFilter } from './filter.ts';

const pageSize = 100;
/** Of runs that are counted; more are "or more". */
const mostCounted = 100;

export interface RunList {
  /** Newest first; undefined while the first page is on its way. */
  readonly runs: readonly RunBrief[] | undefined;
  /** Whether they are those of the filter before, while the new ones are on their way. */
  readonly isOld: boolean;
  readonly error: Error | null;
  readonly retry: () => void;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
}

/**
 * Runs that fit a filter. The first page is asked for again when runs change; the pages behind it stay as they were read,
 * so that a long list costs no more than a short one to keep fresh.
 */
export function useRunList(filter: RunFilter): RunList {
  const newest = useQuery<RunPage>({
    queryKey: ['runs', 'newest', filter],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => get<RunPage>('/v1/runs', { ...filter, limit: pageSize }, signal),
  });
  const older = useInfiniteQuery({
    queryKey: ['older-runs', filter],
    enabled: false,
    initialPageParam: '',
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ pageParam, signal }) => {
      const cursor = pageParam || newest.data?.next;
      return get<RunPage>('/v1/runs', { ...filter, limit: pageSize, cursor }, signal);
    },
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const pages = older.data?.pages ?? [];
  const seen = useSeen(JSON.stringify(filter), newest.isPlaceholderData ? undefined : newest.data);
  const runs = newest.data && merged(newest.data, [...seen.values(), ...pages.flatMap((page) => page.runs)]);
  const hasMore = pages.length > 0 ? older.hasNextPage : newest.data?.next != null;
  return {
    runs,
    isOld: newest.isPlaceholderData,
    error: newest.error ?? older.error,
    retry: () => void newest.refetch(),
    hasMore,
    isLoadingMore: older.isFetching,
    loadMore: () => {
      if (hasMore && !older.isFetching) void older.fetchNextPage();
    },
  };
}

/** Runs that have stood in the first page: newer ones push them out of it. */
function useSeen(of: string, page: RunPage | undefined): ReadonlyMap<string, RunBrief> {
  const seen = useRef({ of, runs: new Map<string, RunBrief>() });
  if (seen.current.of !== of) seen.current = { of, runs: new Map() };
  for (const run of page?.runs ?? []) seen.current.runs.set(run.id, run);
  return seen.current.runs;
}

const isOlder = (a: RunBrief, b: RunBrief): boolean =>
  a.createdAt < b.createdAt || (a.createdAt === b.createdAt && a.id < b.id);

/** The first page, and behind it what was read before and is older, each once. */
function merged({ runs, next }: RunPage, others: readonly RunBrief[]): readonly RunBrief[] {
  const last = runs.at(-1);
  if (!last || next === null) return runs;
  const older = new Map(others.filter((run) => isOlder(run, last)).map((run) => [run.id, run]));
  return [...runs, ...[...older.values()].sort((a, b) => (isOlder(a, b) ? 1 : -1))];
}

/** How many runs go on, wait, and failed since yesterday. */
export function useRunCounts(): RunCounts | undefined {
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const { data } = useQuery({
    queryKey: ['runs', 'counts', yesterday],
    queryFn: async ({ signal }): Promise<RunCounts> => {
      const counted = async (filter: RunFilter): Promise<Count> => {
        const { runs, next } = await get<RunPage>('/v1/runs', { ...filter, limit: mostCounted }, signal);
        return { n: runs.length, more: next !== null };
      };
      const [running, failed, queued, paused] = await Promise.all([
        counted({ status: 'running' }),
        counted({ status: 'failed', from: yesterday }),
        counted({ status: 'queued' }),
        counted({ status: 'paused' }),
      ]);
      return { running, failed, queued, paused };
    },
  });
  return data;
}

/** The runs of a time by hour or day. */
export function useRunStatistics(query: Readonly<Record<string, string>>): UseQueryResult<RunStatistics> {
  return useQuery({
    queryKey: ['runs', 'statistics', query],
    queryFn: ({ signal }) => get<RunStatistics>('/v1/runs/statistics', query, signal),
  });
}

/** Two runs beside each other. */
export function useComparison(first: string, second: string): UseQueryResult<RunComparison> {
  return useQuery({
    queryKey: ['runs', 'comparison', first, second],
    enabled: first !== '' && second !== '',
    queryFn: ({ signal }) =>
      get<RunComparison>(`/v1/runs/${encodeURIComponent(first)}/comparison`, { with: second }, signal),
  });
}

export const runKey = (id: string) => ['runs', 'one', id] as const;

/** A run with its steps. @param id '' asks for none. */
export function useRun(id: string): UseQueryResult<RunDetail> {
  return useQuery({
    queryKey: runKey(id),
    enabled: id !== '',
    queryFn: ({ signal }) => get<RunDetail>(`/v1/runs/${encodeURIComponent(id)}`, undefined, signal),
  });
}

/** The run of the same pipeline before another one: always the same, so that no change asks for it again. */
export function useRunBefore(run: RunBrief): UseQueryResult<RunBrief | null> {
  return useQuery({
    queryKey: ['run-before', run.id],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const filter = { pipeline: run.pipeline, to: run.createdAt, limit: 1 };
      return (await get<RunPage>('/v1/runs', filter, signal)).runs[0] ?? null;
    },
  });
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
