import { type InfiniteData, type UseInfiniteQueryResult, type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { DecisionShown } from '../../../contracts/decisions.ts';
import type { DefinitionChange } from '../../../contracts/definitions.ts';
import type { MetricPoint } from '../../../contracts/metrics.ts';
import type { Kpi } from '../../../contracts/offers.ts';
import type { PolicyRecord, PolicyVersion } from '../../../contracts/policies.ts';
import { get } from '../../http/client.ts';
import { usePages } from '../../http/pages.ts';

export interface DecisionPage {
  readonly decisions: readonly DecisionShown[];
  readonly next: string | null;
}

export interface DecisionFilter {
  readonly model?: string | undefined;
  readonly verdict?: string | undefined;
  readonly policy?: string | undefined;
  readonly override?: string | undefined;
}

/** Decisions that fit a filter, newest first, page by page. */
export const useDecisions = (filter: DecisionFilter): UseInfiniteQueryResult<InfiniteData<DecisionPage>> =>
  usePages({ key: ['decisions', 'list'], path: '/v1/decisions', query: { ...filter }, limit: 30 });

/** The newest decisions, as many as a page may have. */
export const useNewestDecisions = (filter: DecisionFilter = {}): UseQueryResult<DecisionPage> =>
  useQuery({
    queryKey: ['decisions', 'newest', filter],
    queryFn: ({ signal }) => get<DecisionPage>('/v1/decisions', { ...filter, limit: 200 }, signal),
  });

export const useDecision = (id: string): UseQueryResult<DecisionShown> =>
  useQuery({
    queryKey: ['decisions', 'one', id],
    queryFn: ({ signal }) => get<DecisionShown>(`/v1/decisions/${encodeURIComponent(id)}`, undefined, signal),
  });

export const usePolicies = (): UseQueryResult<readonly PolicyRecord[]> =>
  useQuery({
    queryKey: ['policies', 'list'],
    queryFn: async ({ signal }) =>
      (await get<{ policies: readonly PolicyRecord[] }>('/v1/policies', undefined, signal)).policies,
  });

export type PolicyWithModels = PolicyRecord & { readonly models: readonly string[] };

export const usePolicy = (id: string): UseQueryResult<PolicyWithModels> =>
  useQuery({
    queryKey: ['policies', 'one', id],
    enabled: id !== '',
    queryFn: ({ signal }) => get<PolicyWithModels>(`/v1/policies/${encodeURIComponent(id)}`, undefined, signal),
  });

export const usePolicyVersions = (id: string): UseQueryResult<readonly PolicyVersion[]> =>
  useQuery({
    queryKey: ['policies', 'versions', id],
    queryFn: async ({ signal }) =>
      (
        await get<{ versions: readonly PolicyVersion[] }>(
          `/v1/policies/${encodeURIComponent(id)}/versions`,
          undefined,
          signal,
        )
      ).versions,
  });

/** What applying the policies of the code would change. */
export const usePolicyDiff = (): UseQueryResult<readonly DefinitionChange[]> =>
  useQuery({
    queryKey: ['policies', 'diff'],
    queryFn: async ({ signal }) =>
      (await get<{ changes: readonly DefinitionChange[] }>('/v1/policies/diff', undefined, signal)).changes,
  });

/**
 * Figures over time, newest first.
 *
 * @param filter as `GET /v1/metrics` takes it. An empty market is one of its own here: that of all together.
 */
export const getSeries = async (
  filter: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<readonly MetricPoint[]> =>
  (await get<{ points: readonly MetricPoint[] }>(`/v1/metrics?${new URLSearchParams(filter)}`, undefined, signal))
    .points;

/** See {@link getSeries}. */
export const useSeries = (filter: Readonly<Record<string, string>>): UseQueryResult<readonly MetricPoint[]> =>
  useQuery({ queryKey: ['runs', 'metrics', filter], queryFn: ({ signal }) => getSeries(filter, signal) });

/** A key figure by day, newest first. */
export const useKpi = (pipeline: string, name: string, market: string): UseQueryResult<readonly Kpi[]> =>
  useQuery({
    queryKey: ['runs', 'kpis', pipeline, name, market],
    enabled: name !== '',
    queryFn: async ({ signal }) =>
      (
        await get<{ kpis: readonly Kpi[] }>(
          `/v1/kpis?${new URLSearchParams({ pipeline, name, market, limit: '400' })}`,
          undefined,
          signal,
        )
      ).kpis,
  });
