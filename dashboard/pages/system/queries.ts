import { queryOptions } from '@tanstack/react-query';
import type { Alert } from '../../../contracts/alerts.ts';
import type { ShownReplica } from '../../../contracts/serving.ts';
import type { WorkerRecord } from '../../../contracts/workers.ts';
import { get } from '../../http/client.ts';

export interface AlertPage {
  readonly alerts: readonly Alert[];
  readonly next: string | null;
}

/** Alerts that are open. */
export const openAlerts = queryOptions({
  queryKey: ['alerts', 'open'],
  queryFn: ({ signal }) => get<AlertPage>('/v1/alerts', { limit: 200 }, signal),
});

export type ShownWorker = WorkerRecord & { readonly state: 'alive' | 'dead' | 'stopped' };

/** Processes, and when conditions of alerts were last looked at. */
export const workerList = queryOptions({
  queryKey: ['workers'],
  refetchInterval: 10_000,
  queryFn: ({ signal }) =>
    get<{
      readonly workers: readonly ShownWorker[];
      readonly watched: { readonly at: string; readonly ageMs: number } | null;
    }>('/v1/workers', undefined, signal),
});

export const replicaList = queryOptions({
  queryKey: ['workers', 'replicas'],
  refetchInterval: 10_000,
  queryFn: ({ signal }) =>
    get<{ readonly replicas: readonly ShownReplica[] }>('/v1/serving/replicas', undefined, signal),
});
