import { type UseQueryResult, useQueries, useQuery } from '@tanstack/react-query';
import type { ModelComparison } from '../../../contracts/model-comparison.ts';
import type { AliasHistory, ModelList, ModelReference, ModelVersion, ServedAnswer } from '../../../contracts/models.ts';
import type { RolloutDefaults, RolloutRecord } from '../../../contracts/rollouts.ts';
import type { TrafficNow, TrafficPage } from '../../../contracts/traffic.ts';
import { get } from '../../http/client.ts';

const path = (model: string): string => `/v1/models/${encodeURIComponent(model)}`;

/** Versions of all models, or of one. */
export const useModels = (model?: string): UseQueryResult<ModelList> =>
  useQuery({
    queryKey: ['models', 'list', model ?? null],
    queryFn: ({ signal }) => get<ModelList>('/v1/models', { model }, signal),
  });

const historyOf = (model: string) => ({
  queryKey: ['models', 'history', model],
  queryFn: ({ signal }: { signal: AbortSignal }) => get<AliasHistory>(`${path(model)}/history`, undefined, signal),
});

/** What the aliases of a model pointed at from when until when. */
export const useHistory = (model: string): UseQueryResult<AliasHistory> => useQuery(historyOf(model));

/** The histories of some models, by their names; those that have come. */
export function useHistories(models: readonly string[]): ReadonlyMap<string, AliasHistory> {
  return useQueries({
    queries: models.map(historyOf),
    combine: (results) =>
      new Map(results.flatMap(({ data }, i) => (data ? [[models[i] as string, data] as const] : []))),
  });
}

export const useVersion = (model: string, version: string): UseQueryResult<ModelVersion> =>
  useQuery({
    queryKey: ['models', 'version', model, version],
    queryFn: ({ signal }) => get<ModelVersion>(`${path(model)}/versions/${version}`, undefined, signal),
  });

/** What keeps a version from being deleted. */
export const useReferences = (model: string, version: number | undefined): UseQueryResult<readonly ModelReference[]> =>
  useQuery({
    queryKey: ['models', 'references', model, version],
    enabled: version !== undefined,
    queryFn: async ({ signal }) =>
      (
        await get<{ references: readonly ModelReference[] }>(
          `${path(model)}/versions/${version}/references`,
          undefined,
          signal,
        )
      ).references,
  });

export const useComparison = (model: string, a: string, b: string): UseQueryResult<ModelComparison> =>
  useQuery({
    queryKey: ['models', 'compare', model, a, b],
    queryFn: ({ signal }) => get<ModelComparison>(`${path(model)}/compare`, { a, b }, signal),
  });

/** What served on a day. @param market '' where none is asked for. */
export const useServed = (model: string, at: string, market: string): UseQueryResult<ServedAnswer> =>
  useQuery({
    queryKey: ['traffic', 'served', model, at, market],
    enabled: at !== '',
    queryFn: ({ signal }) => get<ServedAnswer>(`${path(model)}/served`, { at, market }, signal),
  });

/** Which versions answer now, of all models. */
export const useTraffic = (): UseQueryResult<TrafficNow> =>
  useQuery({
    queryKey: ['traffic', 'now'],
    queryFn: ({ signal }) => get<TrafficNow>('/v1/traffic', undefined, signal),
  });

/** States of a model's traffic, newest first, as far as one page goes. */
export const useTrafficHistory = (model: string, market: string): UseQueryResult<TrafficPage> =>
  useQuery({
    queryKey: ['traffic', 'history', model, market],
    queryFn: ({ signal }) => get<TrafficPage>(`${path(model)}/traffic`, { market, limit: 200 }, signal),
  });

export interface RolloutPage {
  readonly rollouts: readonly RolloutRecord[];
  readonly next: string | null;
}

export const useRollouts = (filter: {
  readonly model?: string;
  readonly status?: string;
}): UseQueryResult<RolloutPage> =>
  useQuery({
    queryKey: ['rollouts', 'list', filter],
    queryFn: ({ signal }) => get<RolloutPage>('/v1/rollouts', { ...filter, limit: 200 }, signal),
  });

const openStatuses = ['running', 'paused', 'queued'] as const;

/** Rollouts that have not ended; undefined until all are known. */
export function useOpenRollouts(): readonly RolloutRecord[] | undefined {
  return useQueries({
    queries: openStatuses.map((status) => ({
      queryKey: ['rollouts', 'list', { status }],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        get<RolloutPage>('/v1/rollouts', { status, limit: 200 }, signal),
    })),
    combine: (results) =>
      results.every(({ data }) => data !== undefined) ? results.flatMap(({ data }) => data?.rollouts ?? []) : undefined,
  });
}

/** How versions of a model are rolled out where nothing else is said. */
export const useRolloutDefaults = (model: string): UseQueryResult<RolloutDefaults> =>
  useQuery({
    queryKey: ['models', 'rollout-plan', model],
    queryFn: ({ signal }) => get<RolloutDefaults>(`${path(model)}/rollout-plan`, undefined, signal),
  });
