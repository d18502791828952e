import type { SalesTable } from './types.ts';

/**
 * Keeps what was last computed of a table, while it is used: callers that come with the same key (compared part by part, by
 * identity) share it.
 */
export function lastOf<T>(): (sales: SalesTable, key: readonly unknown[], make: () => T) => T {
  const kept = new WeakMap<SalesTable, { key: readonly unknown[]; value: T }>();
  return (sales, key, make) => {
    const last = kept.get(sales);
    if (last?.key.every((part, i) => part === key[i])) return last.value;
    const value = make();
    kept.set(sales, { key, value });
    return value;
  };
}
