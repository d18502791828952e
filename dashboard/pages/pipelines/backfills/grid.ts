/** Partitions laid out as keys by days. */
export interface Grid<T> {
  /** '' alone: one run a day for all keys. */
  readonly keys: readonly string[];
  /** YYYY-MM-DD, oldest first. */
  readonly days: readonly string[];
  readonly at: (key: number, day: number) => T | null;
}

/** Lays partitions, named `2011-10-09` or `2011-10-09/DE`, out. */
export function gridOf<T extends { readonly partition: string }>(partitions: readonly T[]): Grid<T> {
  const cells = new Map(partitions.map((one) => [one.partition, one]));
  const split = partitions.map(({ partition }) => partition.split('/'));
  const keys = [...new Set(split.map(([, key = '']) => key))].sort();
  const days = [...new Set(split.map(([day = '']) => day))].sort();
  return {
    keys,
    days,
    at: (key, day) => cells.get(keys[key] ? `${days[day]}/${keys[key]}` : (days[day] ?? '')) ?? null,
  };
}
