import {
  type InfiniteData,
  keepPreviousData,
  type UseInfiniteQueryResult,
  type UseQueryResult,
  useQuery,
} from '@tanstack/react-query';
import type { BackfillDetail, BackfillPartition, BackfillRecord } from '../../../contracts/backfills.ts';
import type { DeadlineDay, DeadlineShown } from '../../../contracts/deadlines.ts';
import type { DefinitionChange } from '../../../contracts/definitions.ts';
import type { EventRecord } from '../../../contracts/events.ts';
import type { LimitState } from '../../../contracts/limits.ts';
import type { EventRef, RuleEvaluation, RuleGroup, RuleRecord } from '../../../contracts/rules.ts';
import type { RunDurations } from '../../../contracts/run-insight.ts';
import type { RunBrief } from '../../../contracts/runs.ts';
import type { ScheduleFault, ScheduleRecord } from '../../../contracts/schedules.ts';
import { viewerZone } from '../../format/time.ts';
import { get } from '../../http/client.ts';
import { usePages } from '../../http/pages.ts';

const part = encodeURIComponent;
/** Longest page that the API gives. */
const mostOfPage = 500;

/** A schedule with its newest runs and starts that made none. */
export interface ScheduleShown extends ScheduleRecord {
  readonly recent: readonly RunBrief[];
  readonly running: readonly string[];
  readonly faults: readonly ScheduleFault[];
}

export function useSchedules(): UseQueryResult<readonly ScheduleRecord[]> {
  return useQuery({
    queryKey: ['schedules', 'list'],
    queryFn: async ({ signal }) =>
      (await get<{ schedules: ScheduleRecord[] }>('/v1/schedules', undefined, signal)).schedules,
  });
}

export function useSchedule(id: string): UseQueryResult<ScheduleShown> {
  return useQuery({
    queryKey: ['schedules', 'one', id],
    queryFn: ({ signal }) => get<ScheduleShown>(`/v1/schedules/${part(id)}`, undefined, signal),
  });
}

export function useRules(): UseQueryResult<readonly RuleRecord[]> {
  return useQuery({
    queryKey: ['rules', 'list'],
    queryFn: async ({ signal }) => (await get<{ rules: RuleRecord[] }>('/v1/rules', undefined, signal)).rules,
  });
}

export function useRule(id: string): UseQueryResult<RuleRecord> {
  return useQuery({
    queryKey: ['rules', 'one', id],
    queryFn: ({ signal }) => get<RuleRecord>(`/v1/rules/${part(id)}`, undefined, signal),
  });
}

export interface RuleGroupPage {
  readonly groups: readonly RuleGroup[];
  readonly next: string | null;
}

export function useRuleGroups(id: string): UseInfiniteQueryResult<InfiniteData<RuleGroupPage>> {
  return usePages<RuleGroupPage>({ key: ['rules', 'groups', id], path: `/v1/rules/${part(id)}/groups`, limit: 100 });
}

export interface RuleEvaluationPage {
  readonly evaluations: readonly RuleEvaluation[];
  readonly next: string | null;
}

export function useRuleEvaluations(
  id: string,
  query: { readonly outcome: string; readonly key: string },
): UseInfiniteQueryResult<InfiniteData<RuleEvaluationPage>> {
  return usePages<RuleEvaluationPage>({
    ...{ key: ['rules', 'evaluations', id], path: `/v1/rules/${part(id)}/evaluations` },
    query: { ...query, timeZone: viewerZone() },
  });
}

/** A stored event by its source and id; null: it is not kept any more. */
export function useEvent(ref: Pick<EventRef, 'source' | 'id'> | null): UseQueryResult<EventRecord | null> {
  return useQuery({
    queryKey: ['events', 'named', ref],
    enabled: ref !== null,
    queryFn: async ({ signal }) =>
      (await get<{ events: EventRecord[] }>('/v1/events', { source: ref?.source, id: ref?.id, limit: 1 }, signal))
        .events[0] ?? null,
  });
}

export function useDeadlines(): UseQueryResult<readonly DeadlineShown[]> {
  return useQuery({
    queryKey: ['deadlines', 'list'],
    queryFn: async ({ signal }) =>
      (await get<{ deadlines: DeadlineShown[] }>('/v1/deadlines', undefined, signal)).deadlines,
  });
}

export function useDeadline(id: string): UseQueryResult<DeadlineShown> {
  return useQuery({
    queryKey: ['deadlines', 'one', id],
    queryFn: ({ signal }) => get<DeadlineShown>(`/v1/deadlines/${part(id)}`, undefined, signal),
  });
}

export interface DeadlineDayPage {
  readonly days: readonly DeadlineDay[];
  readonly next: string | null;
}

export function useDeadlineDays(id: string): UseInfiniteQueryResult<InfiniteData<DeadlineDayPage>> {
  return usePages<DeadlineDayPage>({
    ...{ key: ['deadlines', 'days', id], path: `/v1/deadlines/${part(id)}/days`, cursor: 'before', limit: 120 },
  });
}

/**
 * How long the runs of a pipeline took. Asked for again by the minute, not with each change of a run: there may be thousands.
 *
 * @param from and `to` in milliseconds.
 */
export function useDurations(pipeline: string, from: number, to: number): UseQueryResult<RunDurations> {
  return useQuery({
    queryKey: ['run-durations', pipeline, from, to],
    staleTime: 60_000,
    refetchInterval: 60_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
      return get<RunDurations>('/v1/runs/durations', { pipeline, ...span }, signal);
    },
  });
}

export interface BackfillPage {
  readonly backfills: readonly BackfillRecord[];
  readonly next: string | null;
}

export function useBackfills(pipeline: string): UseInfiniteQueryResult<InfiniteData<BackfillPage>> {
  return usePages<BackfillPage>({ key: ['backfills', 'list'], path: '/v1/backfills', query: { pipeline } });
}

export interface BackfillShown extends BackfillDetail {
  readonly partitions: readonly BackfillPartition[];
}

/** A backfill with all its partitions; asked for again while it goes on, since runs tell nothing of their backfill. */
export function useBackfill(id: string): UseQueryResult<BackfillShown> {
  return useQuery({
    queryKey: ['backfills', 'one', id],
    refetchInterval: ({ state }: { readonly state: { readonly data?: BackfillShown | undefined } }) =>
      state.data?.finishedAt === null ? 5_000 : false,
    queryFn: async ({ signal }) => {
      type Answer = BackfillShown & { readonly next: number | null };
      const path = `/v1/backfills/${part(id)}`;
      let page = await get<Answer>(path, { limit: mostOfPage }, signal);
      const { next: _, ...backfill } = page;
      const partitions = [...page.partitions];
      while (page.next !== null) {
        page = await get<Answer>(path, { limit: mostOfPage, after: page.next }, signal);
        partitions.push(...page.partitions);
      }
      return { ...backfill, partitions };
    },
  });
}

export function useLimits(): UseQueryResult<readonly LimitState[]> {
  return useQuery({
    queryKey: ['limits'],
    queryFn: async ({ signal }) => (await get<{ limits: LimitState[] }>('/v1/limits', undefined, signal)).limits,
  });
}

export type DefinitionKind = 'schedules' | 'rules' | 'deadlines';

/** What applying the definitions of the code would change. */
export function useCodeChanges(kind: DefinitionKind): UseQueryResult<readonly DefinitionChange[]> {
  return useQuery({
    queryKey: [kind, 'diff'],
    queryFn: async ({ signal }) =>
      (await get<{ changes: DefinitionChange[] }>(`/v1/${kind}/diff`, undefined, signal)).changes,
  });
}
