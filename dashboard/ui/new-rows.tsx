import { type ReactElement, useRef, useState } from 'react';
import { plural } from '../format/number.ts';
import styles from './new-rows.module.css';

export interface NewRows<T> {
  /** Rows as they stand, with what has changed in them. */
  readonly rows: readonly T[];
  /** How many came since. */
  readonly waiting: number;
  /** Lets them in. */
  readonly show: () => void;
}

/**
 * Holds a list still while new rows come at its top: those wait until they are asked for, and nothing shifts under the
 * pointer.
 *
 * @param rows newest first. @param of what the list is of; another one begins anew.
 */
export function useNewRows<T>(rows: readonly T[] | undefined, rowId: (row: T) => string, of: string): NewRows<T> {
  const held = useRef<{ of: string; top: string | undefined } | null>(null);
  const [, redraw] = useState(0);
  const all = rows ?? [];
  const found = held.current?.of === of ? all.findIndex((row) => rowId(row) === held.current?.top) : -1;
  // An empty list has nothing that could shift; a top row that left the list lets all in. What is there now is held.
  if (rows && found < 0) held.current = { of, top: rows[0] && rowId(rows[0]) };
  const at = Math.max(0, found);
  return {
    rows: at === 0 ? all : all.slice(at),
    waiting: at,
    show: () => {
      held.current = { of, top: all[0] && rowId(all[0]) };
      redraw((before) => before + 1);
    },
  };
}

/** Says that there are new rows, and lets them in; keeps its room, so that nothing moves. */
export function NewRowsBar({
  waiting,
  show,
  word,
}: {
  readonly waiting: number;
  readonly show: () => void;
  /** `run`. */
  readonly word: string;
}): ReactElement {
  return (
    <div className={styles.bar} role="status">
      {waiting > 0 ? (
        <button type="button" onClick={show}>
          {plural(waiting, `new ${word}`)} – show
        </button>
      ) : null}
    </div>
  );
}
