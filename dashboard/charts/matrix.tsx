import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  memo,
  type ReactElement,
  useCallback,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { Tone } from '../ui/status.tsx';
import styles from './matrix.module.css';

const cellPixels = 28;

export interface MatrixCell {
  readonly tone: Tone;
  /** What the cell says, in words: state and whatever is unusual. */
  readonly words: string;
  /** Marks the corner: something besides the state is unusual. */
  readonly flagged?: boolean;
}

export interface MatrixProps {
  /** What it shows; read out. */
  readonly label: string;
  readonly rows: readonly string[];
  readonly columns: readonly {
    readonly label: string;
    readonly title: string /** Stands above, where a month begins. */;
    readonly group?: string;
  }[];
  /** Null: there is nothing. A function that is kept while it gives the same: then cells are not drawn again. */
  readonly cell: (row: number, column: number) => MatrixCell | null;
  readonly selected?: { readonly row: number; readonly column: number } | null;
  readonly onOpen: (row: number, column: number) => void;
}

const shapes: Readonly<Record<Tone, string>> = {
  ok: '✓',
  running: '▸',
  late: '!',
  failed: '✕',
  paused: '‖',
  skipped: '–',
  waiting: '◦',
};

/**
 * Rows by columns, such as markets by days, in cells of colour and shape; the newest column is in sight first. Only what is in
 * sight is drawn, so that a year of days stays smooth. Arrows move, Enter opens.
 */
export function Matrix({ label, rows, columns, cell, selected, onOpen }: MatrixProps): ReactElement {
  const frame = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState({ row: 0, column: columns.length - 1 });
  const virtual = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => frame.current,
    estimateSize: () => cellPixels,
    overscan: 8,
  });
  const count = columns.length;
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    const box = frame.current;
    if (!box) return;
    const toEnd = (): void => box.scrollTo({ left: count * cellPixels });
    toEnd();
    setAt((before) => ({ ...before, column: count - 1 }));
    // A window that becomes narrower takes nothing of the newest column away.
    const observer = new ResizeObserver(() => isAtEnd.current && toEnd());
    observer.observe(box);
    return () => observer.disconnect();
  }, [count]);

  const move = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, readonly [number, number]>> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      Home: [0, -count],
      End: [0, count],
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const from = placeOf(event.target) ?? at;
    const row = Math.min(rows.length - 1, Math.max(0, from.row + step[0]));
    const column = Math.min(count - 1, Math.max(0, from.column + step[1]));
    setAt({ row, column });
    virtual.scrollToIndex(column);
    const find = (): HTMLElement | null | undefined =>
      frame.current?.querySelector<HTMLElement>(`[data-at="${row} ${column}"]`);
    const drawn = find();
    // One that is out of sight is drawn first.
    if (drawn) drawn.focus();
    else requestAnimationFrame(() => find()?.focus());
  };
  const latest = useRef(onOpen);
  latest.current = onOpen;
  // One for all cells, so that those in sight already are not drawn again while others come into sight.
  const open = useCallback((event: MouseEvent): void => {
    const place = placeOf(event.target);
    if (!place) return;
    setAt(place);
    latest.current(place.row, place.column);
  }, []);
  const drawn = virtual.getVirtualItems();
  const before = drawn[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (drawn.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset holds controls
    <div
      ref={frame}
      role="group"
      className={styles.frame}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      onScroll={({ currentTarget: box }) => {
        isAtEnd.current = box.scrollLeft + box.clientWidth >= box.scrollWidth - cellPixels;
      }}
    >
      <table
        className={styles.matrix}
        style={{ '--columns': count } as CSSProperties}
        aria-rowcount={rows.length + 1}
        aria-colcount={count + 1}
        onKeyDown={move}
        onClick={open}
      >
        <thead>
          <tr>
            <td />
            <Gap width={before} />
            {drawn.map(({ index }) => (
              <th key={index} scope="col" aria-colindex={index + 2} title={columns[index]?.title}>
                {columns[index]?.group ? <b>{columns[index].group}</b> : null}
                {columns[index]?.label}
              </th>
            ))}
            <Gap width={after} />
          </tr>
        </thead>
        <tbody>
          {rows.map((name, row) => (
            <tr key={name} aria-rowindex={row + 2}>
              <th scope="row" title={name}>
                {name || 'all'}
              </th>
              <Gap width={before} />
              {drawn.map(({ index: column }) => (
                <Cell
                  key={column}
                  row={row}
                  column={column}
                  cell={cell}
                  title={`${name} ${columns[column]?.title}`}
                  isCurrent={at.row === row && at.column === column}
                  isSelected={selected?.row === row && selected.column === column}
                />
              ))}
              <Gap width={after} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Of the cell that an event came from; null: it came from none. */
function placeOf(target: EventTarget): { readonly row: number; readonly column: number } | null {
  const place = (target as Element).closest('[data-at]')?.getAttribute('data-at');
  const [row, column] = (place ?? '').split(' ').map(Number);
  return row === undefined || column === undefined ? null : { row, column };
}

/** Stands for the columns that are out of sight. */
const Gap = ({ width }: { readonly width: number }): ReactElement | null =>
  width > 0 ? <td aria-hidden style={{ width }} /> : null;

interface CellProps extends Pick<MatrixProps, 'cell'> {
  readonly row: number;
  readonly column: number;
  readonly title: string;
  readonly isCurrent: boolean;
  readonly isSelected: boolean;
}

const Cell = memo(function Cell({ row, column, cell, title, isCurrent, isSelected }: CellProps): ReactElement {
  const content = cell(row, column);
  const words = `${title}: ${content?.words}`;
  return (
    <td aria-colindex={column + 2}>
      {content ? (
        <button
          type="button"
          className={styles.cell}
          data-tone={content.tone}
          data-flagged={content.flagged || undefined}
          data-selected={isSelected || undefined}
          data-at={`${row} ${column}`}
          tabIndex={isCurrent ? 0 : -1}
          title={words}
          aria-label={words}
        >
          <span aria-hidden>{shapes[content.tone]}</span>
        </button>
      ) : null}
    </td>
  );
});
