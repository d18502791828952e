import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

/** The query of the address, by names. */
export type Search = Readonly<Record<string, string>>;

/** A query as it stands in the address: plain text, so that people can read and write it. */
export const parseSearch = (text: string): Search => Object.fromEntries(new URLSearchParams(text));

export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const text = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString();
  // A comma, colon or slash is as good as its code there, and can be read.
  return text === '' ? '' : `?${text.replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/')}`;
}

/** The query of the address. */
export const useAddress = (): Search => useSearch({ strict: false }) as Search;

/**
 * Changes names of the query: '' or null takes one away. The page stays where it is scrolled to; what people go back from
 * (another tab, a chosen step) is a new entry of the history unless `replace`.
 */
export function useSetAddress(): (change: Readonly<Record<string, string | null>>, replace?: boolean) => void {
  const navigate = useNavigate();
  return useCallback(
    (change, replace = false) => {
      const search = (before: Search): Search => {
        const next = Object.entries({ ...before, ...change }).filter((entry): entry is [string, string] => !!entry[1]);
        return Object.fromEntries(next);
      };
      void navigate({ to: '.', search: search as never, replace, resetScroll: false });
    },
    [navigate],
  );
}
