import type { SalesTable } from './types.ts';

/**
 * Keeps what was last computed of a table, while it is used: callers that come with the same key (compared part by part, by
 * identity) share it.
 */
export function lastOf<T>(): (sales: SalesTable, key: readonly unknown[], make: () => T) => T {
  const kept = new WeakMap<SalesTable, { key: readonly unknown[]; value: T }>();
  const isLast = (sales: SalesTable, key: readonly unknown[]): boolean =>
    kept.get(sales)?.key.every((part, i) => part === key[i]) ?? false;
  return (sales, key, make) => {
    if (!isLast(sales, key)) {
      // It goes before the next one is made: both together may be too much.
      kept.delete(sales);
      kept.set(sales, { key, value: make() });
    }
    return kept.get(sales)!.value;
  };
}
