import {
  type InfiniteData,
  keepPreviousData,
  type UseInfiniteQueryResult,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import type {
  ImportRecord,
  ResourceKind,
  ResourceRecord,
  ResourceVersion,
  VersionDiff,
} from '../../../contracts/language-data.ts';
import { get } from '../../http/client.ts';
import { type Entry, type Kind, kinds } from './kinds.ts';

/** More than an installation is expected to have. */
const most = 500;

/** Where the API has a memory or glossary. */
export const pathOf = ({ plural }: Kind, id: string): string => `/v1/${plural}/${encodeURIComponent(id)}`;

/** All memories, or all glossaries, by their ids. */
export function useResources(kind: ResourceKind): UseQueryResult<readonly ResourceRecord[]> {
  const { plural } = kinds[kind];
  return useQuery({
    queryKey: [plural, 'list'],
    queryFn: async ({ signal }) => {
      const found: ResourceRecord[] = [];
      for (let cursor = ''; ; ) {
        const page = await get<Record<string, readonly ResourceRecord[]> & { readonly next: string | null }>(
          `/v1/${plural}`,
          { limit: most, cursor },
          signal,
        );
        found.push(...(page[plural] ?? []));
        if (page.next === null) return found;
        cursor = page.next;
      }
    },
  });
}

/** One of them. */
export function useResource(kind: Kind, id: string): UseQueryResult<ResourceRecord> {
  return useQuery({
    queryKey: [kind.plural, 'one', id],
    queryFn: ({ signal }) => get<ResourceRecord>(pathOf(kind, id), undefined, signal),
  });
}

/** A page of a list, and where it goes on. */
export interface PageOf<T> {
  readonly rows: readonly T[];
  readonly next: string | null;
}

type Pages<T> = UseInfiniteQueryResult<InfiniteData<PageOf<T>>>;

function usePages<T>(
  key: readonly unknown[],
  load: (cursor: string, signal: AbortSignal) => Promise<PageOf<T>>,
): Pages<T> {
  return useInfiniteQuery({
    queryKey: key,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    placeholderData: keepPreviousData,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

/** Entries of the newest version, those that hold a text where one is given. */
export function useEntries(kind: Kind, id: string, q: string): Pages<Entry> {
  return usePages([kind.plural, 'entries', id, q], async (cursor, signal) => {
    const page = await get<Record<string, readonly Entry[]> & { readonly next: string | null }>(
      `${pathOf(kind, id)}/${kind.entries}`,
      { q, limit: 50, cursor },
      signal,
    );
    return { rows: page[kind.entries] ?? [], next: page.next };
  });
}

/** All that an entry has been, oldest first. */
export function useEntryHistory(kind: Kind, id: string, entry: string): UseQueryResult<readonly Entry[]> {
  return useQuery({
    queryKey: [kind.plural, 'history', id, entry],
    queryFn: async ({ signal }) =>
      (
        await get<{ states: readonly Entry[] }>(
          `${pathOf(kind, id)}/${kind.entries}/${encodeURIComponent(entry)}/history`,
          undefined,
          signal,
        )
      ).states,
  });
}

/** Versions, newest first. */
export function useResourceVersions(kind: Kind, id: string): Pages<ResourceVersion> {
  return usePages([kind.plural, 'versions', id], async (cursor, signal) => {
    const { versions, next } = await get<{ versions: readonly ResourceVersion[]; next: string | null }>(
      `${pathOf(kind, id)}/versions`,
      { limit: 50, cursor },
      signal,
    );
    return { rows: versions, next };
  });
}

/** How two versions differ. */
export function useDiff(
  kind: Kind,
  id: string,
  from: number,
  to: number,
): UseInfiniteQueryResult<InfiniteData<VersionDiff<Entry>>> {
  return useInfiniteQuery({
    queryKey: [kind.plural, 'diff', id, from, to],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<VersionDiff<Entry>>(`${pathOf(kind, id)}/diff`, { from, to, limit: 100, cursor: pageParam }, signal),
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

/** Imports, newest first. */
export function useImports(kind: Kind, id: string): Pages<ImportRecord> {
  return usePages([kind.plural, 'imports', id], async (cursor, signal) => {
    const { imports, next } = await get<{ imports: readonly ImportRecord[]; next: string | null }>(
      `${pathOf(kind, id)}/imports`,
      { limit: 20, cursor },
      signal,
    );
    return { rows: imports, next };
  });
}

/** An import with its first faults. */
export function useImport(kind: Kind, id: string, record: string | undefined): UseQueryResult<ImportRecord> {
  return useQuery({
    queryKey: [kind.plural, 'import', id, record],
    enabled: record !== undefined,
    queryFn: ({ signal }) =>
      get<ImportRecord>(`${pathOf(kind, id)}/imports/${encodeURIComponent(record ?? '')}`, undefined, signal),
  });
}
