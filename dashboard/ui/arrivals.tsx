import { type ReactElement, useRef, useState } from 'react';
import { plural } from '../format/number.ts';
import { Button } from './button.tsx';

export interface Arrivals<T> {
  /** Those that were there when the list was last begun anew. */
  readonly shown: readonly T[];
  /** Says how many are new, and shows them; null: none is. */
  readonly notice: ReactElement | null;
}

/**
 * Holds back what comes in at the top of a list, so that nothing moves under the pointer, and announces it.
 *
 * @param rows newest first; undefined until they are known.
 * @param of what the list is of: other filters begin it anew.
 * @param word a row in words, such as `decision`.
 */
export function useArrivals<T>(
  rows: readonly T[] | undefined,
  idOf: (row: T) => string,
  { of, word }: { readonly of: string; readonly word: string },
): Arrivals<T> {
  const first = useRef<{ of: string; id: string | null } | null>(null);
  const [, draw] = useState(0);
  if (rows && (first.current?.of !== of || first.current.id === null))
    first.current = { of, id: rows[0] ? idOf(rows[0]) : null };
  const at = rows?.findIndex((row) => idOf(row) === first.current?.id) ?? -1;
  const fresh = Math.max(0, at);
  const show = (): void => {
    first.current = null;
    draw((n) => n + 1);
  };
  return {
    shown: rows?.slice(fresh) ?? [],
    notice:
      fresh === 0 ? null : (
        <div role="status">
          <Button small onClick={show}>
            {plural(fresh, `new ${word}`)} – show
          </Button>
        </div>
      ),
  };
}
