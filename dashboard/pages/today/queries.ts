import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { Overview, PartitionMatrix } from '../../../contracts/overview.ts';
import { viewerZone } from '../../format/time.ts';
import { get } from '../../http/client.ts';

/** Where everything stands. */
export function useOverview(): UseQueryResult<Overview> {
  return useQuery({
    queryKey: ['overview'],
    queryFn: ({ signal }) => get<Overview>('/v1/overview', { timeZone: viewerZone() }, signal),
  });
}

/** A pipeline's days by key. @param from, to YYYY-MM-DD, both inclusive. */
export function usePartitions(pipeline: string, from: string, to: string): UseQueryResult<PartitionMatrix> {
  return useQuery({
    queryKey: ['overview', 'partitions', pipeline, from, to],
    enabled: pipeline !== '',
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => get<PartitionMatrix>('/v1/overview/partitions', { pipeline, from, to }, signal),
  });
}
