import { useEffect, useState } from 'react';

/** A value once what it says, as JSON, has not changed for some milliseconds. */
export function useDebounced<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  const text = JSON.stringify(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an object may be made anew each time; its text stands for it
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), ms);
    return () => window.clearTimeout(timer);
  }, [text, ms]);
  return settled;
}
