import { type InfiniteData, type UseInfiniteQueryResult, type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { DocumentRecord } from '../../../contracts/documents.ts';
import { get } from '../../http/client.ts';
import { usePages } from '../../http/pages.ts';

export interface DocumentPage {
  readonly documents: readonly DocumentRecord[];
  readonly next: string | null;
}

/** Documents of the key that is signed in with (an administrator's sees all), newest first. */
export const useDocuments = (status: string): UseInfiniteQueryResult<InfiniteData<DocumentPage>> =>
  usePages({ key: ['documents', 'list'], path: '/v1/documents', query: { status } });

export function useDocument(id: string): UseQueryResult<DocumentRecord> {
  return useQuery({
    queryKey: ['documents', 'one', id],
    queryFn: ({ signal }) => get<DocumentRecord>(documentPath(id), undefined, signal),
  });
}

export const documentPath = (id: string): string => `/v1/documents/${encodeURIComponent(id)}`;
