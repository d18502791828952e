import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactElement } from 'react';
import styles from './data-table.module.css';
import { Select } from './field.tsx';

export type Direction = 'asc' | 'desc';

export interface HeadColumn {
  readonly id: string;
  readonly header: string;
  readonly className: string;
  readonly canSort: boolean;
  /** Which way the rows are sorted by it; false: not by it. */
  readonly sorted: Direction | false;
}

export interface TableHeadProps {
  readonly columns: readonly HeadColumn[];
  /** Sorts the other way, or by another column. */
  readonly onSort: (id: string) => void;
  /** Whether all rows are chosen; absent: rows cannot be chosen. */
  readonly allChosen?: boolean | undefined;
  readonly onChooseAll: (on: boolean) => void;
}

/** The names of the columns, by which the rows are sorted. */
export function TableHead({ columns, onSort, allChosen, onChooseAll }: TableHeadProps): ReactElement {
  return (
    <thead>
      <tr>
        {allChosen === undefined ? null : (
          <th className={styles.choose} scope="col">
            <input
              type="checkbox"
              aria-label="Choose all rows"
              checked={allChosen}
              onChange={(event) => onChooseAll(event.target.checked)}
            />
          </th>
        )}
        {columns.map(({ id, header, className, canSort, sorted }) => (
          <th key={id} scope="col" className={className} aria-sort={sortOf(sorted)}>
            {canSort ? (
              <button type="button" className={styles.sort} onClick={() => onSort(id)}>
                {header}
                {sorted === 'asc' ? <ArrowUp size={12} aria-hidden /> : null}
                {sorted === 'desc' ? <ArrowDown size={12} aria-hidden /> : null}
              </button>
            ) : (
              header || <span className="hidden">Actions</span>
            )}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** The roles of a table, said outright: browsers forget them where its parts are not laid out as those of a table. */
export const cardRoles = {
  table: { role: 'table' },
  group: { role: 'rowgroup' },
  row: { role: 'row' },
  head: { role: 'columnheader' },
  cell: { role: 'cell' },
};

export interface HiddenHeadProps {
  readonly columns: readonly HeadColumn[];
  readonly canChoose: boolean;
}

/** The names of the columns of a table whose rows stand as cards: read out only, as each value carries its name. */
export function HiddenHead({ columns, canChoose }: HiddenHeadProps): ReactElement {
  return (
    <thead className="hidden" {...cardRoles.group}>
      <tr {...cardRoles.row}>
        {canChoose ? <th {...cardRoles.head}>Chosen</th> : null}
        {columns.map(({ id, header, sorted }) => (
          <th key={id} aria-sort={sortOf(sorted)} {...cardRoles.head}>
            {header || 'Actions'}
          </th>
        ))}
      </tr>
    </thead>
  );
}

const sortOf = (sorted: Direction | false): 'ascending' | 'descending' | undefined =>
  sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : undefined;

export interface CardBarProps extends Omit<TableHeadProps, 'onSort'> {
  /** What the rows are, for the names of the controls. */
  readonly label: string;
  /** Null: as they come. */
  readonly onSort: (id: string | null, direction: Direction) => void;
}

/** Over cards: what the head of a table does, choosing all rows and sorting. */
export function CardBar({ label, columns, onSort, allChosen, onChooseAll }: CardBarProps): ReactElement | null {
  const sortable = columns.filter(({ canSort }) => canSort);
  if (allChosen === undefined && sortable.length === 0) return null;
  const by = sortable.find(({ sorted }) => sorted);
  const names = { asc: 'rising', desc: 'falling' };
  return (
    <div className={styles.cardBar}>
      {allChosen === undefined ? null : (
        <label className={styles.all}>
          <input type="checkbox" checked={allChosen} onChange={(event) => onChooseAll(event.target.checked)} />
          Choose all rows
        </label>
      )}
      {sortable.length === 0 ? null : (
        <Select
          label={`Sort ${label}`}
          bare
          value={by ? `${by.id} ${by.sorted}` : ''}
          choices={[
            { value: '', label: 'Sort by…' },
            ...sortable.flatMap(({ id, header }) =>
              (['asc', 'desc'] as const).map((way) => ({ value: `${id} ${way}`, label: `${header}, ${names[way]}` })),
            ),
          ]}
          onChange={(value) => {
            const [id, way] = value.split(' ');
            onSort(id || null, way === 'desc' ? 'desc' : 'asc');
          }}
        />
      )}
    </div>
  );
}
