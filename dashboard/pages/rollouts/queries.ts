import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { GateCourses, RolloutEvent, RolloutRecord } from '../../../contracts/rollouts.ts';
import { get } from '../../http/client.ts';

export type ShownRollout = RolloutRecord & { readonly events: readonly RolloutEvent[] };

/** While a rollout goes on its pairs come in all the time: they are looked at this often. */
const gatesMs = 15_000;

export const useRollout = (id: string): UseQueryResult<ShownRollout> =>
  useQuery({
    queryKey: ['rollouts', 'one', id],
    queryFn: ({ signal }) => get<ShownRollout>(`/v1/rollouts/${encodeURIComponent(id)}`, undefined, signal),
  });

/** What its gates have seen in the step; asked for at a pace of its own, as it reads many pairs. */
export const useGates = (rollout: RolloutRecord): UseQueryResult<GateCourses> =>
  useQuery({
    queryKey: ['rollout-gates', rollout.id, rollout.step],
    queryFn: ({ signal }) =>
      get<GateCourses>(`/v1/rollouts/${encodeURIComponent(rollout.id)}/gates`, undefined, signal),
    refetchInterval: rollout.finishedAt === null ? gatesMs : false,
  });
