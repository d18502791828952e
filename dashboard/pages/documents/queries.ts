import {
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import type { DocumentRecord } from '../../../contracts/documents.ts';
import { get } from '../../http/client.ts';

export interface DocumentPage {
  readonly documents: readonly DocumentRecord[];
  readonly next: string | null;
}

/** Documents of the key that is signed in with (an administrator's sees all), newest first. */
export function useDocuments(status: string): UseInfiniteQueryResult<InfiniteData<DocumentPage>> {
  return useInfiniteQuery({
    queryKey: ['documents', 'list', status],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<DocumentPage>('/v1/documents', { status, limit: 50, cursor: pageParam }, signal),
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

export function useDocument(id: string): UseQueryResult<DocumentRecord> {
  return useQuery({
    queryKey: ['documents', 'one', id],
    queryFn: ({ signal }) => get<DocumentRecord>(documentPath(id), undefined, signal),
  });
}

export const documentPath = (id: string): string => `/v1/documents/${encodeURIComponent(id)}`;
