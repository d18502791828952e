import {
  type InfiniteData,
  keepPreviousData,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
} from '@tanstack/react-query';
import { get, type RequestOptions } from './client.ts';

/** A page of a list; `next` names the one after it. */
export interface ApiPage {
  readonly next: string | number | null;
}

export interface PagesOptions {
  /** Begins with a topic of `GET /v1/changes`. */
  readonly key: readonly unknown[];
  readonly path: string;
  readonly query?: RequestOptions['query'];
  /** Name that the route takes `next` by. */
  readonly cursor?: 'cursor' | 'before' | 'after';
  readonly limit?: number;
  /** Milliseconds after which it is asked for again; default: as all queries. */
  readonly staleTime?: number;
  /** Whether the list before stays while one by another query comes: where somebody types what is looked for. */
  readonly keepPrevious?: boolean;
}

/** A list of the API, page by page. */
export function usePages<Page extends ApiPage>(options: PagesOptions): UseInfiniteQueryResult<InfiniteData<Page>> {
  const { key, path, query = {}, cursor = 'cursor', limit = 50, staleTime, keepPrevious } = options;
  return useInfiniteQuery({
    queryKey: [...key, query],
    initialPageParam: null as string | number | null,
    queryFn: ({ pageParam, signal }) => get<Page>(path, { ...query, limit, [cursor]: pageParam }, signal),
    getNextPageParam: ({ next }) => next,
    ...(staleTime === undefined ? {} : { staleTime }),
    ...(keepPrevious ? { placeholderData: keepPreviousData } : {}),
  });
}
