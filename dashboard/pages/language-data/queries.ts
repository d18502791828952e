import { type InfiniteData, type UseInfiniteQueryResult, type UseQueryResult, useQuery } from '@tanstack/react-query';
import type {
  ImportRecord,
  ResourceKind,
  ResourceRecord,
  ResourceVersion,
  VersionDiff,
} from '../../../contracts/language-data.ts';
import { get } from '../../http/client.ts';
import { type ApiPage, usePages } from '../../http/pages.ts';
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

type Pages<T> = UseInfiniteQueryResult<InfiniteData<T>>;

/** Under the name that its kind has for them. */
export type EntriesPage = ApiPage & Readonly<Partial<Record<Kind['entries'], readonly Entry[]>>>;

/** Entries of the newest version, those that hold a text where one is given. */
export const useEntries = (kind: Kind, id: string, q: string): Pages<EntriesPage> =>
  usePages({
    ...{ key: [kind.plural, 'entries', id], path: `${pathOf(kind, id)}/${kind.entries}`, query: { q } },
    keepPrevious: true,
  });

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
export const useResourceVersions = (
  kind: Kind,
  id: string,
): Pages<ApiPage & { readonly versions: readonly ResourceVersion[] }> =>
  usePages({ key: [kind.plural, 'versions', id], path: `${pathOf(kind, id)}/versions` });

/** How two versions differ. */
export const useDiff = (kind: Kind, id: string, from: number, to: number): Pages<VersionDiff<Entry>> =>
  usePages({ key: [kind.plural, 'diff', id], path: `${pathOf(kind, id)}/diff`, query: { from, to }, limit: 100 });

/** Imports, newest first. */
export const useImports = (kind: Kind, id: string): Pages<ApiPage & { readonly imports: readonly ImportRecord[] }> =>
  usePages({ key: [kind.plural, 'imports', id], path: `${pathOf(kind, id)}/imports`, limit: 20 });

/** An import with its first faults. */
export function useImport(kind: Kind, id: string, record: string | undefined): UseQueryResult<ImportRecord> {
  return useQuery({
    queryKey: [kind.plural, 'import', id, record],
    enabled: record !== undefined,
    queryFn: ({ signal }) =>
      get<ImportRecord>(`${pathOf(kind, id)}/imports/${encodeURIComponent(record ?? '')}`, undefined, signal),
  });
}
