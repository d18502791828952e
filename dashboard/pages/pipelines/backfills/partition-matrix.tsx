import type { ReactElement } from 'react';
import { Matrix, type MatrixCell } from '../../../charts/matrix.tsx';
import { gridOf } from './grid.ts';

const month = new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' });
const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' });

export interface PartitionMatrixProps<T> {
  readonly label: string;
  readonly partitions: readonly T[];
  readonly cell: (partition: T) => MatrixCell;
  /** Name of the partition that is chosen. */
  readonly selected?: string | undefined;
  readonly onOpen: (partition: T) => void;
}

/** Partitions of a backfill as a matrix of keys by days. */
export function PartitionMatrix<T extends { readonly partition: string }>(
  props: PartitionMatrixProps<T>,
): ReactElement {
  const { label, partitions, cell, selected = '', onOpen } = props;
  const { keys, days, at } = gridOf(partitions);
  const [day = '', key = ''] = selected.split('/');
  return (
    <Matrix
      label={label}
      rows={keys}
      columns={days.map((date, n) => ({
        label: String(Number(date.slice(8))),
        title: full.format(new Date(date)),
        ...(n === 0 || date.endsWith('-01') ? { group: month.format(new Date(date)) } : {}),
      }))}
      cell={(row, column) => {
        const partition = at(row, column);
        return partition && cell(partition);
      }}
      selected={{ row: keys.indexOf(key), column: days.indexOf(day) }}
      onOpen={(row, column) => {
        const partition = at(row, column);
        if (partition) onOpen(partition);
      }}
    />
  );
}
