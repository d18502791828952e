import {
  type ColumnDef,
  createSortedRowModel,
  type RowSelectionState,
  rowSelectionFeature,
  rowSortingFeature,
  sortFn_basic,
  sortFn_text,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { isValidElement, type ReactElement, type ReactNode, useEffect, useMemo, useRef } from 'react';
import styles from './data-table.module.css';
import { useListKeys } from './list-keys.ts';
import { CardBar, cardRoles, HiddenHead, TableHead } from './table-head.tsx';
import { useCards } from './use-cards.ts';

const features = tableFeatures({
  rowSortingFeature,
  rowSelectionFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { basic: sortFn_basic, text: sortFn_text },
});

/** Rows beyond which only those in sight are drawn, in a frame of its own that scrolls. */
const mostDrawn = 150;
const rowPixels = 36;
const cardPixels = 96;
/** Fewer cards are read faster than sorted. */
const leastSorted = 6;

const noRoles: Partial<typeof cardRoles> = {};

export interface Column<T> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: T) => ReactNode;
  /** What the column sorts by; absent: it does not sort. */
  readonly sort?: (row: T) => string | number | null | undefined;
  /** Figures stand to the right. */
  readonly numeric?: boolean;
  /** Of second importance: last, and quieter, where a row stands as a card. */
  readonly wide?: boolean;
  /** Takes the room that is left, and is cut off with dots; one column at most. A line of its own in a card. */
  readonly grow?: boolean;
  /**
   * Where a row stands as a card, this column's value stands there as
   * - `mark`: before the name of the row, as a state or a place; the first column that is none is that name,
   * - `plain`: without its label, as it says itself what it is,
   * - `line`: so, and on a line of its own, as `grow` is.
   * Default: with its label.
   */
  readonly card?: 'mark' | 'plain' | 'line';
}

export interface DataTableProps<T> {
  /** What the rows are, for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowId: (row: T) => string;
  /** Opens a row by Enter; the row's link stands in one of its cells for pointers and screen readers. */
  readonly onOpen?: (row: T) => void;
  /** Ids that are chosen, for actions on many; absent: rows cannot be chosen. */
  readonly selection?: ReadonlySet<string>;
  readonly onSelect?: (ids: ReadonlySet<string>) => void;
  /** Told when the last rows come into sight of a long table, which has a frame of its own. */
  readonly onEnd?: () => void;
  /** Instead of rows when there are none. */
  readonly empty?: ReactNode;
}

/**
 * A table with sorting by columns, choosing of rows, and keys: j and k move, x chooses, Enter opens. Many rows are drawn as
 * they come into sight. Where its columns do not fit a narrow frame, a row stands as a card: its name, and the other values
 * with their labels.
 */
export function DataTable<T extends object>(props: DataTableProps<T>): ReactElement {
  const { label, columns, rows, rowId, onOpen, selection, onSelect, onEnd, empty } = props;
  const definitions = useMemo(
    () => columns.map((column): ColumnDef<typeof features, T> => definitionOf(column)),
    [columns],
  );
  const rowSelection: RowSelectionState = useMemo(
    () => Object.fromEntries([...(selection ?? [])].map((id) => [id, true])),
    [selection],
  );
  const table = useTable({
    features,
    columns: definitions,
    data: rows as T[],
    getRowId: rowId,
    state: { rowSelection },
    onRowSelectionChange: (change) => {
      const next = typeof change === 'function' ? change(rowSelection) : change;
      onSelect?.(new Set(Object.keys(next).filter((id) => next[id])));
    },
  });
  const shown = table.getRowModel().rows;
  const frame = useRef<HTMLDivElement>(null);
  const areCards = useCards(frame);
  const isLong = shown.length > mostDrawn;
  const virtual = useVirtualizer({
    count: shown.length,
    enabled: isLong,
    getScrollElement: () => frame.current,
    estimateSize: () => (areCards ? cardPixels : rowPixels),
    overscan: 20,
  });
  const measureAgain = useRef(() => virtual.measure());
  // biome-ignore lint/correctness/useExhaustiveDependencies: the heights that were measured are of the other look
  useEffect(() => measureAgain.current(), [areCards]);
  const isAtEnd = isLong && (virtual.getVirtualItems().at(-1)?.index ?? 0) >= shown.length - 1;
  const told = useRef(onEnd);
  told.current = onEnd;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once for each length
  useEffect(() => {
    if (isAtEnd) told.current?.();
  }, [isAtEnd, shown.length]);
  const drawn = isLong ? virtual.getVirtualItems().map(({ index }) => index) : shown.map((_, index) => index);
  const before = isLong ? (virtual.getVirtualItems()[0]?.start ?? 0) : 0;
  const after = isLong ? virtual.getTotalSize() - (virtual.getVirtualItems().at(-1)?.end ?? 0) : 0;
  useListKeys(frame, {
    ...(onOpen ? { open: (index: number) => shown[index] && onOpen(shown[index].original) } : {}),
    ...(onSelect ? { choose: (index: number) => shown[index]?.toggleSelected() } : {}),
  });

  if (rows.length === 0 && empty) return <>{empty}</>;
  const title = columns.find(({ card }) => card !== 'mark')?.id;
  const span = columns.length + (onSelect ? 1 : 0);
  const head = {
    columns: columns.map((column) => {
      const known = table.getColumn(column.id);
      const { id, header } = column;
      const canSort = known?.getCanSort() ?? false;
      return { id, header, className: classOf(column), canSort, sorted: known?.getIsSorted() ?? false };
    }),
    allChosen: onSelect ? table.getIsAllRowsSelected() : undefined,
    onChooseAll: (on: boolean) => table.toggleAllRowsSelected(on),
  };
  const roles = areCards ? cardRoles : noRoles;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset holds controls
    <div
      ref={frame}
      role="group"
      className={styles.frame}
      data-list
      data-long={isLong || undefined}
      data-cards={areCards || undefined}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      {areCards && (onSelect || shown.length >= leastSorted) ? (
        <CardBar
          label={label}
          {...head}
          onSort={(id, way) => table.setSorting(id === null ? [] : [{ id, desc: way === 'desc' }])}
        />
      ) : null}
      <table className={styles.table} aria-rowcount={shown.length + 1} {...roles.table}>
        {areCards ? (
          <HiddenHead columns={head.columns} canChoose={onSelect !== undefined} />
        ) : (
          <TableHead {...head} onSort={(id) => table.getColumn(id)?.toggleSorting()} />
        )}
        <tbody {...roles.group}>
          {before > 0 ? <Gap height={before} span={span} /> : null}
          {drawn.map((index) => {
            const row = shown[index];
            if (!row) return null;
            return (
              <tr
                key={row.id}
                data-row={index}
                data-chosen={row.getIsSelected() || undefined}
                aria-rowindex={index + 2}
                ref={isLong ? virtual.measureElement : undefined}
                data-index={index}
                {...roles.row}
              >
                {onSelect ? (
                  <td className={styles.choose} {...roles.cell}>
                    <input
                      type="checkbox"
                      aria-label="Choose the row"
                      checked={row.getIsSelected()}
                      onChange={row.getToggleSelectedHandler()}
                    />
                  </td>
                ) : null}
                {columns.map((column) => {
                  const content = column.cell(row.original);
                  const part = areCards ? { ...roles.cell, ...partOf(column, content, title) } : null;
                  return (
                    <td key={column.id} className={classOf(column)} {...part}>
                      {content}
                    </td>
                  );
                })}
              </tr>
            );
          })}
          {after > 0 ? <Gap height={after} span={span} /> : null}
        </tbody>
      </table>
    </div>
  );
}

function definitionOf<T extends object>(column: Column<T>): ColumnDef<typeof features, T> {
  const { id, header, sort, numeric } = column;
  return {
    id,
    header,
    accessorFn: (row: T) => sort?.(row) ?? undefined,
    enableSorting: sort !== undefined,
    sortUndefined: 'last',
    sortFn: numeric ? 'basic' : 'text',
  };
}

function classOf<T>(column: Column<T>): string {
  const names = [column.numeric && 'num', column.grow && styles['grow']];
  return names.filter(Boolean).join(' ');
}

/** Where a value stands in a card, and its label; what says nothing is left out. */
function partOf<T>(
  column: Column<T>,
  content: ReactNode,
  title: string | undefined,
): Record<string, string | undefined> {
  if (column.id === title) return { 'data-part': 'title' };
  if (column.card === 'mark') return { 'data-part': 'mark' };
  if (saysNothing(content)) return { 'data-part': 'nothing' };
  if (column.grow || column.card === 'line') return { 'data-part': 'line' };
  return {
    'data-part': column.wide ? 'second' : 'value',
    'data-label': column.card === 'plain' ? undefined : column.header || undefined,
  };
}

/** Whether a value is nothing, or the dash that stands for nothing. */
function saysNothing(content: ReactNode): boolean {
  if (isValidElement<{ readonly children?: ReactNode }>(content) && content.type === 'span')
    return saysNothing(content.props.children);
  return content === null || content === undefined || content === '' || content === '–' || content === false;
}

/** Stands for the rows that are out of sight. */
function Gap({ height, span }: { readonly height: number; readonly span: number }): ReactElement {
  return (
    <tr aria-hidden style={{ height }}>
      <td colSpan={span} />
    </tr>
  );
}
