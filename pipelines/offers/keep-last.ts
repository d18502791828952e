/**
 * Keeps what was loaded last, so that those who ask for the same share it: the markets of a run, on one worker. A failure
 * is not kept.
 */
export function keepLast<T>(): (key: string, load: () => Promise<T>) => Promise<T> {
  let last: { key: string; value: Promise<T> } | undefined;
  return (key, load) => {
    if (last?.key !== key) {
      const entry = { key, value: load() };
      entry.value.catch(() => {
        if (last === entry) last = undefined;
      });
      last = entry;
    }
    return last.value;
  };
}
